"The explorers in a real JupyterLab: sliders dragged, prompts typed, words clicked, and the right pictures follow"
import base64, io, json, re
import pytest
from PIL import Image
from helpers import root

@pytest.fixture
def all_cells(tmp_path, monkeypatch):
    "Have JupyterLab keep the cells that are out of sight"
    f = tmp_path/'settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings'
    f.parent.mkdir(parents=True)
    f.write_text(json.dumps(dict(windowingMode='none')))
    monkeypatch.setenv('JUPYTERLAB_SETTINGS_DIR', str(tmp_path/'settings'))

def picture(source):
    "Of an <img> that carries its own data"
    return Image.open(io.BytesIO(base64.b64decode(source.split(',')[1]))).convert('RGB')

class Box:
    "One explorer on the page"
    def __init__(self, page, name): self.page, self.top = page, page.locator('.sdexplore-'+name.replace(' ', '-')).last
    def sources(self): return self.top.locator('img').evaluate_all('all => all.map(i => i.src)')
    def pictures(self): return [picture(s) for s in self.sources()]
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
    def corner_is(self, colour, what): self.until(lambda _: near(corner(self.pictures()[0]), colour), what)
    def slider(self, says): return self.top.locator('.widget-slider', has=self.page.get_by_text(says, exact=True))
    def drag(self, says, to):
        "Drag a slider to a share of its way, with stops"
        s = self.slider(says)
        s.scroll_into_view_if_needed()
        line, handle = s.locator('.noUi-base').bounding_box(), s.locator('.noUi-handle').bounding_box()
        self.pull([at(handle, .5, .5), at(line, to, .5)], steps=8)
    def click(self, word): self.top.get_by_role('button', name=word, exact=True).click()
    def field(self, says):
        return self.top.locator('.widget-text', has=self.page.get_by_text(says, exact=True)).locator('input').first
    def write(self, says, text):
        "Key by key, as somebody types"
        self.field(says).click()
        self.page.keyboard.press('ControlOrMeta+a')
        self.page.keyboard.type(text, delay=15)
    def stroke(self, *points):
        "Draw on the canvas; points are shares of its sides"
        c = self.top.locator('canvas')
        c.scroll_into_view_if_needed()
        box = c.bounding_box()
        self.pull([at(box, *p) for p in points], steps=10)
    def pull(self, points, steps):
        "Press the mouse at the first point, move it through the others, let go"
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for p in points[1:]: self.page.mouse.move(*p, steps=steps)
        self.page.mouse.up()

def at(box, x, y):
    "The point of the page at these shares of a box's sides"
    return box['x']+box['width']*x, box['y']+box['height']*y

def corner(picture): return picture.crop((1,1,6,6)).resize((1,1), Image.Resampling.BOX).getpixel((0,0))
def near(colour, want): return max(abs(a-b) for a,b in zip(colour, want))<60
white, blue, yellow = (255,255,255), (30,60,230), (250,230,50)

def prompt_laboratory(box):
    box.changes(lambda: box.drag('seed', .7), 'the picture of another seed')
    box.write('prompt', 'a green two on a white background')
    box.corner_is(white, 'a white background, as the prompt says')
    assert not box.alerts()
    box.write('prompt', 'two '*50)
    box.says('the prompt has 50 tokens')
    assert box.sources()
    box.changes(lambda: box.write('prompt', 'a red seven on a blue background'), 'the picture after the error')
    box.corner_is(blue, 'a blue background')
    assert not box.alerts()

def step_film(box):
    box.changes(lambda: box.click('blue'), 'the map of another word', 3)
    box.says('looks at blue')
    box.changes(lambda: box.drag('step', 0), 'x_t of the first step')
    box.says('call 1 of 16')

def noise_levels(box):
    box.changes(lambda: box.drag('timestep', .95), 'more noise', 1)
    box.says('t = 9')

def sketch_to_picture(box):
    box.changes(lambda: box.stroke((.5,.2), (.5,.8), (.2,.5), (.8,.5)), 'the picture of another drawing')

def latent_painter(box):
    box.changes(lambda: box.stroke((.3,.3), (.7,.3)), 'the decoded picture of other latents')
    box.says(r'^[5-9] of 1024')

def prompt_mixer(box):
    box.drag('share', 1)
    box.corner_is(blue, 'the second prompt alone')
    box.drag('share', 0)
    box.corner_is(yellow, 'the first prompt alone')

def grid_maker(box):
    box.write('values', '1, x')
    box.says('guidance_scale takes numbers')
    assert box.sources()
    box.write('values', '1, 4')
    box.until(lambda now: len(now)==4 and not box.alerts(), 'a grid of four')

def tokens_and_similarity(box):
    box.click('red')
    box.says('token 2: red</w>')

def training_monitor(box):
    box.says('finished in')
    assert len(box.sources())==1

explorers = (prompt_laboratory, step_film, noise_levels, sketch_to_picture, latent_painter, prompt_mixer, grid_maker,
    tokens_and_similarity, training_monitor)

def test_explorers_follow_in_jupyterlab(all_cells, lab):
    page = lab.open(root/'nbs/40_explorer.ipynb', width=800, height=1000)
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    lab.run_all(page)
    for use in explorers: use(Box(page, use.__name__.replace('_', ' ')))
