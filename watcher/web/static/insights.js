// Charts of what the tables say: every number is read from the table that stands below its chart.
"use strict";

(() => {
  const number = text => (text === undefined ? null : Number(text));
  const read = (table, names) => {
    const rows = [...table.tBodies[0].rows];
    return { labels: rows.map(row => row.dataset.short), ...Object.fromEntries(names.map(name => [name, rows.map(row => number(row.dataset[name]))])) };
  };
  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    return name => style.getPropertyValue(`--${name}`).trim();
  };

  const FONT = "12px system-ui, sans-serif";
  const widths = labels => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = FONT;
    return labels.map(label => pen.measureText(label).width);
  };

  // Months may be named now and then; every other group has its name, aslant where there is no room.
  const axes = (box, labels, { values, incrs, skips }, colour) => {
    const longest = Math.max(...widths(labels)), room = (box.clientWidth - 54) / labels.length;
    const every = skips ? Math.ceil((longest + 12) / room) : 1;
    const aslant = !skips && longest + 6 > room;
    const splits = () => labels.map((_, index) => index).filter(index => index % every === 0);
    return [
      {
        splits, values: (_, at) => at.map(index => labels[index] ?? ""), stroke: colour("soft"), font: FONT, grid: { show: false }, ticks: { show: false },
        ...(aslant ? { rotate: 38, size: Math.ceil(longest * 0.62) + 26, gap: 6 } : { size: 34, gap: 9 }),
      },
      { values, incrs, stroke: colour("soft"), font: FONT, size: 46, gap: 4, grid: { stroke: colour("line"), width: 1 }, ticks: { show: false } },
    ];
  };

  const base = (box, labels) => ({
    width: box.clientWidth, height: box.clientHeight, legend: { show: false }, cursor: { show: false }, padding: [10, 8, 0, 0],
    scales: { x: { time: false, range: [-0.6, labels.length - 0.4] } },
  });
  const bars = (size, extra = {}) => uPlot.paths.bars({ size, radius: 0.15, ...extra });

  function rates(box, table) {
    const { labels, share, low, high } = read(table, ["share", "low", "high"]);
    const colour = colours(), options = base(box, labels);
    const interval = bars([0.28, 22], { disp: { y0: { unit: 1, values: () => low }, y1: { unit: 1, values: () => high } } });
    options.scales.y = { range: (_, _low, most) => [0, Math.min(1, Math.max(0.1, most * 1.05))] };
    const said = (_, at) => at.map(value => `${Math.round(value * 100)}${document.documentElement.lang === "de" ? " " : ""}%`);
    options.axes = axes(box, labels, { values: said, incrs: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5], skips: false }, colour);
    options.series = [
      {},
      { paths: interval, fill: colour("calm-line"), width: 0, points: { show: false } },
      { paths: () => null, stroke: colour("brand"), points: { show: true, size: 9, fill: colour("brand"), width: 0 } },
    ];
    return new uPlot(options, [labels.map((_, index) => index), high, share], box);
  }

  function counts(box, table) {
    const { labels, hits, of } = read(table, ["hits", "of"]);
    const colour = colours(), options = base(box, labels);
    options.scales.y = { range: (_, _low, most) => [0, Math.max(4, most * 1.1)] };
    options.axes = axes(box, labels, { values: (_, at) => at, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000], skips: true }, colour);
    options.series = [
      {},
      { paths: bars([0.62, 40]), fill: colour("calm-line"), width: 0, points: { show: false } },
      { paths: bars([0.62, 40]), fill: colour("act-solid"), width: 0, points: { show: false } },
    ];
    return new uPlot(options, [labels.map((_, index) => index), of, hits], box);
  }

  const kinds = { rates, counts };
  const drawn = new Map();
  const draw = box => {
    drawn.get(box)?.destroy();
    drawn.set(box, kinds[box.dataset.chart](box, document.getElementById(box.dataset.of)));
  };
  const boxes = [...document.querySelectorAll("[data-chart]")];
  boxes.forEach(draw);
  const fit = new ResizeObserver(entries => entries.forEach(({ target }) => target.clientWidth !== drawn.get(target).width && draw(target)));
  boxes.forEach(box => fit.observe(box));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => boxes.forEach(draw));
})();
