// The page's side of explorer.Canvas: a few pixels to draw on
function render({model, el}) {
  const [w, h, z] = ['width', 'height', 'zoom'].map(k => model.get(k));
  const c = Object.assign(document.createElement('canvas'), {width: w, height: h, className: 'sdexplore-canvas'});
  c.style.cssText = `width:${w*z}px;max-width:100%;image-rendering:pixelated;touch-action:none;cursor:crosshair;outline:1px solid #888`;
  c.setAttribute('role', 'img'); c.setAttribute('aria-label', 'canvas to draw on');
  const x = c.getContext('2d', {willReadFrequently: true});
  let last = null, timer = null;
  const show = () => {
    const v = model.get('value'), d = x.createImageData(w, h);
    for (let i = 0; i < w*h; i++) { for (let k = 0; k < 3; k++) d.data[4*i+k] = v.byteLength ? v.getUint8(3*i+k) : 255; d.data[4*i+3] = 255; }
    x.putImageData(d, 0, 0);
  };
  const send = () => {
    timer = null;
    const d = x.getImageData(0, 0, w, h).data, b = new Uint8Array(3*w*h);
    for (let i = 0; i < w*h; i++) for (let k = 0; k < 3; k++) b[3*i+k] = d[4*i+k];
    model.set('value', new DataView(b.buffer)); model.save_changes();
  };
  const at = e => { const r = c.getBoundingClientRect(); return [Math.floor((e.clientX-r.left)*w/r.width), Math.floor((e.clientY-r.top)*h/r.height)]; };
  const dot = (px, py) => {
    const s = model.get('size'), o = Math.floor((s-1)/2), m = (s-1)/2;
    x.fillStyle = model.get('colour');
    for (let i = 0; i < s; i++) for (let j = 0; j < s; j++) if ((i-m)**2+(j-m)**2 <= s*s/4) x.fillRect(px+i-o, py+j-o, 1, 1);
  };
  const line = (a, b) => { const n = Math.max(1, Math.abs(b[0]-a[0]), Math.abs(b[1]-a[1])); for (let k = 0; k <= n; k++) dot(Math.round(a[0]+(b[0]-a[0])*k/n), Math.round(a[1]+(b[1]-a[1])*k/n)); };
  const draw = e => { const p = at(e); line(last || p, p); last = p; timer ??= setTimeout(send, 120); };
  c.onpointerdown = e => { c.setPointerCapture(e.pointerId); draw(e); };
  c.onpointermove = e => { if (last) draw(e); };
  c.onpointerup = c.onpointercancel = () => { if (last) { last = null; clearTimeout(timer); send(); } };
  model.on('change:value', () => { if (!last) show(); });
  show(); el.appendChild(c);
}
export default {render};
