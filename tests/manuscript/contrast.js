/* Contrasts of all visible text with what is painted beneath it, below a threshold.
   Called with the viewport as high as the page, so that every text can be hit. */
() => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((one, i) => one * a + ground[i] * (1 - a));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const shape = (element) => element instanceof SVGElement && element.tagName !== "svg";
  const paint = (element) => {
    const style = getComputedStyle(element);
    if (!shape(element)) return rgba(style.backgroundColor);
    if (!(element instanceof SVGGeometryElement) || style.fill === "none") return [0, 0, 0, 0];
    const [r, g, b, a] = rgba(style.fill);
    return [r, g, b, a * style.fillOpacity * style.opacity];
  };
  const hidden = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath !== "none" && !shape(one)) return true;
      if (style.visibility === "hidden" || style.opacity === "0") return true;
    }
    return false;
  };

  const page = getComputedStyle(document.body).backgroundColor;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faults = [];
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = [...range.getClientRects()].find((one) => one.width > 0.5 && one.height > 0.5);
    if (!box) continue;
    const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const at = stack.indexOf(element);
    const beneath = [];
    if (at < 0) for (let one = element; one; one = one.parentElement) beneath.push(one);
    else beneath.push(...(shape(element) ? stack.slice(at + 1) : stack.slice(at)));
    let ground = rgba(page).slice(0, 3);
    for (const one of beneath.reverse()) ground = over(paint(one), ground);
    const style = getComputedStyle(element);
    const colour = over(rgba(shape(element) ? style.fill : style.color), ground);
    const size = parseFloat(style.fontSize) * (shape(element) ? element.getScreenCTM().a : 1);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const found = ratio(colour, ground);
    seen += 1;
    if (found < (large ? 3 : 4.5)) faults.push([node.data.trim().slice(0, 40), element.tagName, found.toFixed(2), colour.map(Math.round).join(), ground.map(Math.round).join()]);
  }
  return { seen, faults };
}
