// The page in which a photo becomes a small, upright JPEG. Nothing here reaches the net.

async function smallPhoto(content, type, widest) {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), { imageOrientation: 'from-image' });
  const scale = Math.min(1, widest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const brush = canvas.getContext('2d');
  if (!brush) throw new Error('the picture is too large');
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, width, height);
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const [kind, jpeg] = canvas.toDataURL('image/jpeg', 0.86).split(',');
  if (!kind.startsWith('data:image/jpeg')) throw new Error('the picture is too large');
  return { width, height, jpeg };
}
