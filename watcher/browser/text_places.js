(whole) => {
  // The visible texts of the page, word by word, with their rectangles in the coordinates of its picture.
  const MOST_WORDS = 60000;
  const NO_CLIP = [-1e9, -1e9, 1e9, 1e9];
  const OPAQUE = new Set(['img', 'svg', 'canvas', 'video', 'iframe', 'frame', 'object', 'embed']);
  const texts = [], opaque = [];
  const root = document.documentElement;
  const shiftX = whole ? window.scrollX : 0, shiftY = whole ? window.scrollY : 0;
  const width = whole ? Math.max(root.scrollWidth, window.innerWidth) : window.innerWidth;
  const height = whole ? Math.max(root.scrollHeight, window.innerHeight) : window.innerHeight;
  let words = 0;

  const clips = new Map();
  // What an element's inside is cut off by: itself and whatever holds it, down from the page.
  const clipOf = element => {
    if (!element || element === root || element === document.body) return NO_CLIP;
    const known = clips.get(element);
    if (known) return known;
    let clip = clipOf(element.parentElement || (element.getRootNode() || {}).host);
    const style = getComputedStyle(element);
    if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
      const box = element.getBoundingClientRect();
      const [left, top] = [box.left + element.clientLeft, box.top + element.clientTop];
      const inner = element.clientWidth || element.clientHeight
        ? [left, top, left + element.clientWidth, top + element.clientHeight]
        : [box.left, box.top, box.right, box.bottom];
      clip = [Math.max(clip[0], inner[0]), Math.max(clip[1], inner[1]), Math.min(clip[2], inner[2]), Math.min(clip[3], inner[3])];
    }
    clips.set(element, clip);
    return clip;
  };

  const shown = new Map();
  const isShown = element => {
    if (!shown.has(element)) shown.set(element, element.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
    return shown.get(element);
  };

  const place = (box, clip) => {
    const left = Math.max(box.left, clip[0]), top = Math.max(box.top, clip[1]);
    const right = Math.min(box.right, clip[2]), bottom = Math.min(box.bottom, clip[3]);
    if (right - left < 0.5 || bottom - top < 0.5) return null;
    const [x, y] = [left + shiftX, top + shiftY];
    if (x >= width || y >= height || x + right - left <= 0 || y + bottom - top <= 0) return null;
    return [x, y, right - left, bottom - top];
  };

  const range = document.createRange();
  const addText = node => {
    const holder = node.parentElement || (node.getRootNode() || {}).host;
    if (!holder || !node.data.trim() || !isShown(holder)) return;
    const clip = clipOf(holder), found = [];
    for (const match of node.data.matchAll(/\S+/gu)) {
      if (words >= MOST_WORDS) return;
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const boxes = [...range.getClientRects()].map(box => place(box, clip)).filter(Boolean);
      if (boxes.length) found.push([match[0], ...boxes]);
      words += 1;
    }
    if (found.length) texts.push(found);
  };

  const addField = element => {
    const box = place(element.getBoundingClientRect(), clipOf(element.parentElement));
    if (!box || !isShown(element) || ['hidden', 'password', 'checkbox', 'radio', 'file'].includes(element.type)) return;
    const told = element.tagName === 'SELECT' ? [...element.selectedOptions].map(option => option.text).join(' ') : element.value;
    const found = (told || element.placeholder || '').match(/\S+/gu);
    if (found) texts.push(found.map(word => [word, box]));
  };

  const visit = element => {
    const name = element.localName;
    if (name === 'script' || name === 'style' || name === 'noscript' || name === 'template') return;
    const isPainted = getComputedStyle(element).backgroundImage.includes('url(');
    if (OPAQUE.has(name) || isPainted) {
      const box = isShown(element) && place(element.getBoundingClientRect(), clipOf(element.parentElement));
      if (box) opaque.push([OPAQUE.has(name) ? name : 'background', box]);
      if (OPAQUE.has(name) && name !== 'svg') return;
    }
    if (name === 'input' || name === 'textarea' || name === 'select') return addField(element);
    for (const child of (element.shadowRoot || element).childNodes) {
      if (child.nodeType === Node.TEXT_NODE) addText(child);
      else if (child.nodeType === Node.ELEMENT_NODE) visit(child);
    }
    if (element.shadowRoot) for (const child of element.children) if (child.assignedSlot) visit(child);
  };

  if (document.body) visit(document.body);
  return JSON.stringify({ width, height, texts, opaque }); // one text is handed over faster than a thousand lists
}
