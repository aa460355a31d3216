([threadSelector, cardSelector]) => {
  // The open thread and its payment cards, and a way to bring what does not fit into the window into view.
  const thread = document.querySelector(threadSelector);
  if (!thread || !thread.getClientRects().length) return { shown: [], elements: [] };
  const isDrawn = card => card.getClientRects().length && !card.parentElement.closest(cardSelector);
  const cards = [...thread.querySelectorAll(cardSelector)].filter(isDrawn);
  const elements = [thread, ...cards];
  const page = document.scrollingElement || document.documentElement;

  const scrolls = element => {
    if (element === page) return true;
    const flow = getComputedStyle(element).overflowY;
    return flow === 'auto' || flow === 'scroll';
  };
  const hiddenIn = element =>
    element === page ? page.scrollHeight - window.innerHeight : element.scrollHeight - element.clientHeight;

  const visible = element => {
    const box = element.getBoundingClientRect();
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let holder = element.parentElement; holder && holder !== page && holder !== document.body; holder = holder.parentElement) {
      const style = getComputedStyle(holder);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const edge = holder.getBoundingClientRect();
      left = Math.max(left, edge.left + holder.clientLeft);
      top = Math.max(top, edge.top + holder.clientTop);
      right = Math.min(right, edge.left + holder.clientLeft + holder.clientWidth);
      bottom = Math.min(bottom, edge.top + holder.clientTop + holder.clientHeight);
    }
    left = Math.max(left, 0);
    top = Math.max(top, 0);
    right = Math.min(right, window.innerWidth);
    bottom = Math.min(bottom, window.innerHeight);
    return right - left >= 1 && bottom - top >= 1 ? { x: left, y: top, width: right - left, height: bottom - top } : null;
  };

  // The inner scroller that hides the most of an element, if any does.
  const innerScroller = element => {
    let most = 1, found = null;
    for (const inner of [element, ...element.querySelectorAll('*')]) {
      if (inner.clientHeight > 60 && hiddenIn(inner) > most && scrolls(inner)) [most, found] = [hiddenIn(inner), inner];
    }
    return found;
  };

  const whole = element => {
    const clip = visible(element), box = element.getBoundingClientRect();
    const fits = clip && clip.height >= box.height - 1 && clip.width >= box.width - 1;
    return Boolean(fits) && !innerScroller(element);
  };

  const reveal = (element, seen) => {
    const inner = innerScroller(element);
    if (inner) {
      // The inner scroller moves by what it shows; around it the element stands still.
      if (seen === 0) element.scrollIntoView({ block: 'start', behavior: 'instant' });
      inner.scrollTo({ top: seen, behavior: 'instant' });
      return { clip: visible(element), end: inner.scrollTop + inner.clientHeight, height: inner.scrollHeight };
    }
    element.scrollIntoView({ block: 'start', behavior: 'instant' });
    if (seen > 0) {
      let holder = element.parentElement;
      while (holder && holder !== page && !(scrolls(holder) && hiddenIn(holder) > 0)) holder = holder.parentElement;
      (holder || page).scrollBy({ top: seen, behavior: 'instant' });
    }
    const clip = visible(element), box = element.getBoundingClientRect();
    return { clip, end: clip ? clip.y + clip.height - box.top : 0, height: box.height };
  };

  const shown = elements.map(element => {
    const clip = visible(element);
    return { clip: clip || { x: 0, y: 0, width: 1, height: 1 }, whole: whole(element) };
  });
  return { shown, elements, reveal };
}
