// The darkroom's own page: pictures come in, PNGs go out. Nothing here reaches the net.

let finished = new Map();

const blobOf = (canvas, type, quality) =>
  new Promise((done, failed) =>
    canvas.toBlob(blob => (blob ? done(blob) : failed(new Error('the picture is too large'))), type, quality));

const canvasOf = (width, height) => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (!brush) throw new Error('the picture is too large');
  return [canvas, brush];
};

async function fetched(name) {
  const bytes = new Uint8Array(await finished.get(name).arrayBuffer());
  finished.delete(name);
  const parts = [];
  for (let at = 0; at < bytes.length; at += 32766) {
    // A multiple of three: the parts of the text can be joined.
    parts.push(btoa(String.fromCharCode.apply(null, bytes.subarray(at, at + 32766))));
  }
  return parts.join('');
}

async function opened(content, type, options) {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type }), options);
}

async function darkroom(what, content, type, wish) {
  finished = new Map();
  try {
    return { fault: '', ...(what === 'photo' ? await photo(content, type, wish) : await develop(content, type, wish)) };
  } catch (error) {
    return { fault: String(error.message || error) };
  }
}

async function develop(content, type, wish) {
  const bitmap = await opened(content, type, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const [canvas, brush] = canvasOf(width, height);
  brush.drawImage(bitmap, 0, 0);
  bitmap.close();
  const boxes = wish.blackening ? inPixels(wish.blackening, width, height, wish.margin) : [];
  brush.fillStyle = '#000';
  for (const [x, y, w, h] of boxes) brush.fillRect(x, y, w, h);
  const whole = await blobOf(canvas, 'image/png');
  if (boxes.length) await requireBlack(whole, boxes);
  finished.set('whole', whole);
  const pieces = [];
  for (const [top, tall] of wish.cutting ? cuts(brush, width, height, wish.cutting) : []) {
    const [part, pencil] = canvasOf(width, tall);
    pencil.drawImage(canvas, 0, -top);
    finished.set(`piece ${pieces.length + 1}`, await blobOf(part, 'image/png'));
    pieces.push({ top, height: tall });
  }
  return { width, height, pieces };
}

// A map that is not of this picture would cover the wrong places: both must have the same shape.
function inPixels(blackening, width, height, margin) {
  const scale = width / blackening.width;
  if (!(scale > 0) || Math.abs(blackening.height * scale - height) > 2 * Math.max(1, scale)) {
    throw new Error('the map of texts is of another picture');
  }
  return blackening.boxes
    .map(([x, y, w, h]) => {
      const left = Math.max(0, Math.floor(x * scale) - margin);
      const top = Math.max(0, Math.floor(y * scale) - margin);
      const right = Math.min(width, Math.ceil((x + w) * scale) + margin);
      const bottom = Math.min(height, Math.ceil((y + h) * scale) + margin);
      return [left, top, right - left, bottom - top];
    })
    .filter(([, , w, h]) => w > 0 && h > 0);
}

// Reads the finished file, not the canvas it was made of.
async function requireBlack(blob, boxes) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const [, brush] = canvasOf(bitmap.width, bitmap.height);
  brush.drawImage(bitmap, 0, 0);
  bitmap.close();
  for (const [x, y, w, h] of boxes) {
    const pixels = new Uint32Array(brush.getImageData(x, y, w, h).data.buffer);
    if (pixels.some(pixel => pixel !== 0xff000000)) throw new Error('what was covered can still be seen');
  }
}

function cuts(brush, width, height, cutting) {
  const found = [];
  let top = 0;
  while (top < height) {
    const most = Math.max(1, Math.floor(width * (top === 0 ? cutting.first : cutting.others)));
    const end = top + most >= height ? height : quietRow(brush, width, top + most, Math.floor(most / 4));
    found.push([top, end - top]);
    top = end;
  }
  return found;
}

// The lowest row in which nothing changes from one end to the other, else the calmest one.
function quietRow(brush, width, from, reach) {
  const first = from - reach;
  const pixels = new Uint32Array(brush.getImageData(0, first, width, reach + 1).data.buffer);
  let best = from;
  let fewest = Infinity;
  for (let row = reach; row >= 0; row -= 1) {
    let changes = 0;
    for (let at = row * width + 1; at < (row + 1) * width && changes < fewest; at += 1) {
      if (pixels[at] !== pixels[at - 1]) changes += 1;
    }
    if (changes < fewest) [best, fewest] = [first + row, changes];
    if (fewest === 0) break;
  }
  return best;
}

async function photo(content, type, wish) {
  const bitmap = await opened(content, type, { imageOrientation: 'from-image' });
  const scale = Math.min(1, wish.widest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const [canvas, brush] = canvasOf(width, height);
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, width, height);
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  finished.set('whole', await blobOf(canvas, 'image/jpeg', 0.86));
  return { width, height, pieces: [] };
}
