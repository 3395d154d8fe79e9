"The tour in a real JupyterLab, and the docs site on a telephone, both in headless Chromium"
import os, secrets, shutil, socket, subprocess, sysconfig, time, urllib.request
from pathlib import Path
import nbformat, pytest
from playwright.sync_api import sync_playwright
from project_test import built_docs, root

tour = root/'nbs/tutorials/tour.ipynb'
chromium = next(filter(None, map(shutil.which, ('chromium','chromium-browser','google-chrome','chrome'))), None)
quiet = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
pytestmark = pytest.mark.skipif(not chromium, reason='no Chromium on PATH: `apt-get install chromium`, or a Chrome of your own')

@pytest.fixture(scope='module')
def browser():
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=chromium, args=quiet.split())
        yield b
        b.close()

@pytest.fixture
def lab(tmp_path):
    "A JupyterLab on a free port of this machine, in a folder of its own, with nobody's settings: its folder and its address"
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    token,work = secrets.token_hex(16),tmp_path/'work'
    work.mkdir()
    own = {f'JUPYTER_{k}_DIR':str(tmp_path/k.lower()) for k in ('CONFIG','DATA','RUNTIME')} | dict(IPYTHONDIR=str(tmp_path/'ipython'))
    cmd = [Path(sysconfig.get_path('scripts'), 'jupyter-lab'), work, '--no-browser', '--allow-root', '--ip=127.0.0.1', f'--port={port}', '--ServerApp.port_retries=0',
           f'--IdentityProvider.token={token}', '--expose-app-in-browser', '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate']
    env = {k:v for k,v in os.environ.items() if k!='IN_TEST'} | own
    with open(tmp_path/'server.log', 'w') as log: server = subprocess.Popen(list(map(str, cmd)), stdout=log, stderr=subprocess.STDOUT, env=env)
    try:
        for _ in range(240):
            assert server.poll() is None, (tmp_path/'server.log').read_text()[-3000:]
            try: urllib.request.urlopen(f'http://127.0.0.1:{port}/api?token={token}', timeout=2); break
            except OSError: time.sleep(.25)
        else: pytest.fail((tmp_path/'server.log').read_text()[-3000:])
        yield work, lambda nb: f'http://127.0.0.1:{port}/lab/tree/{nb}?reset&token={token}'
    finally: server.terminate(); server.wait(20)

run_all = """async () => {
    const work = async () => {
        const panel = jupyterapp.shell.currentWidget;
        await panel.context.ready; await panel.sessionContext.ready;
        await jupyterapp.commands.execute('notebook:run-all-cells');
        await jupyterapp.commands.execute('docmanager:save');
    };
    await Promise.race([work(), new Promise((_, no) => setTimeout(() => no('ten minutes, and the notebook still runs'), 600_000))]);
}"""

def pictures(nb): return sum(any(k.startswith('image/') for k in o.get('data', {})) or '<img' in ''.join(o.get('data', {}).get('text/html', '')) for c in nb.cells for o in c.get('outputs', []))

def open_in_lab(
    lab, # its folder and its addresses, as the fixture gives them
    browser,
    notebook, # Path; a copy without outputs is opened
    **size, # of the page: width and height, in pixels
):# -> the page, when the notebook and its kernel are there
    folder,url = lab
    nb = nbformat.read(notebook, 4)
    for c in nb.cells:
        if c.cell_type=='code': c.outputs,c.execution_count = [],None
    nbformat.write(nb, folder/notebook.name)
    page = browser.new_page(viewport=size)
    page.goto(url(notebook.name), timeout=90_000)
    page.wait_for_selector('.jp-NotebookPanel .jp-Cell', timeout=90_000)
    page.wait_for_function('window.jupyterapp?.shell.currentWidget?.sessionContext', timeout=90_000)
    return page

def test_tour_runs_in_jupyterlab(lab, browser):
    folder,_ = lab
    promised = pictures(nbformat.read(tour, 4))
    page = open_in_lab(lab, browser, tour, width=1300, height=900)
    page.evaluate(run_all)  # what Run > Run All Cells does; it comes back when the last cell has run
    page.hover('.jp-NotebookPanel')
    for _ in range(200):  # up from the end, until a picture is on the screen: JupyterLab keeps only the cells in sight
        if shown := page.evaluate("[...document.querySelectorAll('.jp-NotebookPanel .jp-OutputArea img')].some(i => i.complete && i.naturalWidth>1)"): break
        page.mouse.wheel(0, -500); page.wait_for_timeout(100)
    page.close()
    ran = nbformat.read(folder/'tour.ipynb', 4)
    errors = [f"{o.ename}: {o.evalue}" for c in ran.cells for o in c.get('outputs', []) if o.output_type=='error']
    assert not errors, errors
    assert all(c.execution_count for c in ran.cells if c.cell_type=='code' and c.source), 'the tour did not come to its end'
    assert pictures(ran)>=promised>0, f'{pictures(ran)} pictures, the saved notebook has {promised}'
    assert shown, 'no picture is on the page'

def elsewhere(page, bad):
    "Note and refuse whatever a page asks of other machines, and the errors of its scripts"
    def refuse(route):
        bad.append(f'{page.url} asks for {route.request.url}')
        route.abort()
    page.route('http*://**', refuse)
    page.on('pageerror', lambda e: bad.append(f'{page.url}: {e}'))

def test_docs_read_well_on_a_phone(browser):
    "In light and in dark: no page is wider than the screen, every picture loads and has words, no script fails, nothing comes from elsewhere"
    site,bad = built_docs()/'_docs',[]
    pages = sorted(site.rglob('*.html'))
    for scheme in ('light','dark'):
        page = browser.new_page(viewport=dict(width=380, height=800), color_scheme=scheme)
        elsewhere(page, bad)
        for f in pages:
            page.goto(f.as_uri())
            if (w := page.evaluate('document.documentElement.scrollWidth')) > 380: bad.append(f'{f.name}: {w} pixels wide')
            if n := page.evaluate('[...document.images].filter(i => !i.naturalWidth).length'): bad.append(f'{f.name}: {n} pictures do not load')
            if n := page.evaluate('[...document.images].filter(i => i.alt.trim().length < 6).length'): bad.append(f'{f.name}: {n} pictures without words')
            if n := page.evaluate('[...document.querySelectorAll("#quarto-document-content math")].filter(m => !m.getBoundingClientRect().width).length'): bad.append(f'{f.name}: {n} formulas do not show')
        page.close()
    assert pages and not bad, '\n'.join(bad)

def test_docs_light_and_dark_differ(browser):
    "The page follows the reader's scheme, and its own switch"
    site,shades = built_docs()/'_docs',{}
    background = 'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0,3).reduce((a,b) => a+ +b, 0)/3'
    for scheme in ('light','dark'):
        page = browser.new_page(viewport=dict(width=1200, height=900), color_scheme=scheme)
        page.goto((site/'index.html').as_uri())
        shades[scheme] = page.evaluate(background)
        page.click('.quarto-color-scheme-toggle')
        page.wait_for_function(f'Math.abs({background}-{shades[scheme]})>100')
        page.close()
    assert shades['light']>200 and shades['dark']<80, shades

def test_docs_search_from_a_disk(browser):
    "Opened as a file, with no server: words find their page, and following the first result leads there"
    site,bad = built_docs()/'_docs',[]
    page = browser.new_page(viewport=dict(width=1200, height=900))
    elsewhere(page, bad)
    for start,words,found in (('index.html','NoiseSchedule','noise.html'), ('tutorials/tour.html','negative prompt','guidance.html')):
        page.goto((site/start).as_uri())
        page.fill('#quarto-search input', words)
        page.wait_for_selector('#quarto-search .search-result')
        hrefs = page.eval_on_selector_all('#quarto-search .search-result', 'links => links.map(a => a.href)')
        assert any(found in h for h in hrefs), f'{words}: {hrefs}'
        page.click('#quarto-search .search-result >> nth=0')
        page.wait_for_url(hrefs[0]); assert page.inner_text('h1.title')
    page.fill('#quarto-search input', 'qqxxzz'); page.wait_for_selector('.search-none')
    page.close()
    assert not bad, '\n'.join(bad)

def test_docs_sliders_work_without_a_kernel(browser):
    "The run on record of 21_sampling: moving the slider changes the frame and what is said of it"
    page = browser.new_page(viewport=dict(width=380, height=800))
    page.goto((built_docs()/'_docs/sampling.html').as_uri())
    slider = page.locator('input[type=range]').first
    state = lambda: slider.evaluate("s => [s.parentElement.querySelector('output').textContent, getComputedStyle(s.parentElement.querySelector('[role=img]')).backgroundPositionX]")
    says,shown = zip(state(), (slider.evaluate("s => { s.value = 0; s.dispatchEvent(new Event('input')) }"), state())[1])
    width,words = slider.bounding_box()['width'],slider.evaluate("s => s.parentElement.querySelector('[role=img]').ariaLabel")
    page.close()
    assert says[0]!=says[1] and shown[0]!=shown[1] and 'call 1 of' in says[1], (says, shown)
    assert width>100 and 'predicted x0' in words

def test_docs_are_one_walk(browser):
    "From the index, `next` leads through every page of the sidebar, in its order, and `previous` back"
    site = built_docs()/'_docs'
    page = browser.new_page(viewport=dict(width=1200, height=900))
    page.goto((site/'index.html').as_uri())
    order,walk = page.eval_on_selector_all('#quarto-sidebar a.sidebar-link[href$=".html"]', 'links => links.map(a => a.href)'),[page.url]
    while (link := page.locator('.nav-page-next a')).count():
        page.goto(link.evaluate('a => a.href'))
        assert page.locator('.nav-page-previous a').evaluate('a => a.href')==walk[-1]
        walk.append(page.url)
    page.close()
    assert walk==list(dict.fromkeys(order)) and len(walk)==len(list(site.rglob('*.html'))), (walk, order)
