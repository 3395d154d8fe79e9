"The explorers in a real JupyterLab: sliders dragged, prompts typed, words clicked, lines drawn, and the right pictures follow"
import base64, io, json, re
import nbformat, pytest
from PIL import Image
from browser_test import browser, chromium, lab, open_in_lab, pytestmark, run_all
from project_test import root

@pytest.fixture
def all_cells(tmp_path, monkeypatch):
    "Have JupyterLab keep the cells that are out of sight"
    f = tmp_path/'settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings'
    f.parent.mkdir(parents=True); f.write_text(json.dumps(dict(windowingMode='none')))
    monkeypatch.setenv('JUPYTERLAB_SETTINGS_DIR', str(tmp_path/'settings'))

class Box:
    "One explorer on the page"
    def __init__(self, page, name): self.page, self.top = page, page.locator('.sdexplore-'+name.replace(' ', '-')).last
    def sources(self): return self.top.locator('img').evaluate_all('all => all.map(i => i.src)')
    def pictures(self): return [Image.open(io.BytesIO(base64.b64decode(s.split(',')[1]))).convert('RGB') for s in self.sources()]
    def says(self, text): self.top.get_by_text(re.compile(text)).first.wait_for(timeout=60_000)
    def alerts(self): return self.top.locator('[role=alert]').all_inner_texts()
    def until(self, true, what):
        "Wait for a picture"
        for _ in range(600):
            if (s := self.sources()) and true(s): return s
            self.page.wait_for_timeout(100)
        pytest.fail(f'{what}: it did not come within a minute; alerts: {self.alerts()}')
    def changes(self, do, what, which=0):
        before = self.until(len, 'a first picture')[which]
        do()
        return self.until(lambda now: len(now)>which and now[which]!=before, what)
    def slider(self, says): return self.top.locator('.widget-slider', has=self.page.get_by_text(says, exact=True))
    def drag(self, says, to):
        "Drag a slider to a share of its way, with stops"
        s = self.slider(says); s.scroll_into_view_if_needed()
        a, h = s.locator('.noUi-base').bounding_box(), s.locator('.noUi-handle').bounding_box()
        self.page.mouse.move(h['x']+h['width']/2, h['y']+h['height']/2); self.page.mouse.down()
        self.page.mouse.move(a['x']+a['width']*to, a['y']+a['height']/2, steps=8); self.page.mouse.up()
    def field(self, says): return self.top.locator('.widget-text', has=self.page.get_by_text(says, exact=True)).locator('input').first
    def write(self, says, text):
        "Key by key, as somebody types"
        f = self.field(says); f.click(); self.page.keyboard.press('ControlOrMeta+a'); self.page.keyboard.type(text, delay=15)
    def stroke(self, *points):
        "Draw on the canvas; points are shares of its sides"
        c = self.top.locator('canvas'); c.scroll_into_view_if_needed(); b = c.bounding_box()
        at = [(b['x']+b['width']*x, b['y']+b['height']*y) for x,y in points]
        self.page.mouse.move(*at[0]); self.page.mouse.down()
        for p in at[1:]: self.page.mouse.move(*p, steps=10)
        self.page.mouse.up()

def corner(picture): return picture.crop((1,1,6,6)).resize((1,1), Image.Resampling.BOX).getpixel((0,0))
def near(colour, want): return max(abs(a-b) for a,b in zip(colour, want))<60

def test_explorers_follow_in_jupyterlab(all_cells, lab, browser, tmp_path):
    folder,_ = lab
    page = open_in_lab(lab, browser, root/'nbs/40_explorer.ipynb', width=800, height=1000)
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    page.evaluate(run_all)
    ran = nbformat.read(folder/'40_explorer.ipynb', 4)
    assert not (errors := [f"{o.ename}: {o.evalue}" for c in ran.cells for o in c.get('outputs', []) if o.output_type=='error']), errors

    paint = Box(page, 'prompt laboratory')
    paint.changes(lambda: paint.drag('seed', .7), 'the picture of another seed')
    paint.write('prompt', 'a green two on a white background')
    paint.until(lambda _: near(corner(paint.pictures()[0]), (255,255,255)), 'a white background, as the prompt says')
    assert not paint.alerts()
    paint.write('prompt', 'two '*50); paint.says('the prompt has 50 tokens'); assert paint.sources()
    paint.changes(lambda: paint.write('prompt', 'a red seven on a blue background'), 'the picture after the error'); 
    paint.until(lambda _: near(corner(paint.pictures()[0]), (30,60,230)), 'a blue background'); assert not paint.alerts()
    paint.top.screenshot(path=tmp_path/'prompt.png')

    film = Box(page, 'step film')
    film.changes(lambda: film.top.get_by_role('button', name='blue', exact=True).click(), 'the map of another word', 3); film.says('looks at blue')
    film.changes(lambda: film.drag('step', 0), 'x_t of the first step'); film.says('call 1 of 16')

    noise = Box(page, 'noise levels')
    noise.changes(lambda: noise.drag('timestep', .95), 'more noise', 1); noise.says('t = 9')

    sketch = Box(page, 'sketch to picture')
    sketch.changes(lambda: sketch.stroke((.5,.2), (.5,.8), (.2,.5), (.8,.5)), 'the picture of another drawing')

    latent = Box(page, 'latent painter')
    latent.changes(lambda: latent.stroke((.3,.3), (.7,.3)), 'the decoded picture of other latents'); latent.says(r'^[5-9] of 1024')

    mixer = Box(page, 'prompt mixer')
    mixer.drag('share', 1); mixer.until(lambda _: near(corner(mixer.pictures()[0]), (30,60,230)), 'the second prompt alone')
    mixer.drag('share', 0); mixer.until(lambda _: near(corner(mixer.pictures()[0]), (250,230,50)), 'the first prompt alone')

    grid = Box(page, 'grid maker')
    grid.write('values', '1, x'); grid.says('guidance_scale takes numbers'); assert grid.sources()
    grid.write('values', '1, 4'); grid.until(lambda now: len(now)==4 and not grid.alerts(), 'a grid of four')

    tokens = Box(page, 'tokens and similarity')
    tokens.top.get_by_role('button', name='red', exact=True).click(); tokens.says('token 2: red</w>')

    monitor = Box(page, 'training monitor')
    monitor.says('finished in'); assert len(monitor.sources())==1
    page.close()
