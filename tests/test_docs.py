"The docs site: it builds, its links hold, it reads well in a browser and on a phone; in one file, as it is built once"
import json, re
from pathlib import Path
import pytest
import docs
from helpers import check_same, setting

def test_docs_build_their_links_hold_and_readme_is_the_index(docs_copy): check_same(docs_copy, 'make export')

def test_docs_show_the_source_of_what_they_document(docs_copy):
    documented = 0
    for f in (docs_copy/'_proc').rglob('*.ipynb'):
        cells = json.loads(f.read_text(encoding='utf-8'))['cells']
        out = re.search(r'^output-file: (.*)$', ''.join(cells[0]['source']), re.M)
        page = docs_copy/'_docs'/f.relative_to(docs_copy/'_proc').with_name(out[1] if out else f.stem+'.html')
        code = [c for c in cells if c['cell_type']=='code']
        shown = [c for c in code if 'show_doc(' in ''.join(c['source']) and c['outputs']]
        sources = page.read_text(encoding='utf-8').count('<summary>Source</summary>')
        assert sources==len(shown), f'{f.name}: {len(shown)} documented, {sources} sources'
        documented += len(shown)
    assert documented>100

def test_docs_link_to_colab_where_there_is_a_repository(site):
    class cfg: branch, nbs_path = 'main', Path('nbs')
    page = 'https://colab.research.google.com/github/who/what/blob/main/nbs/tutorials/tour.ipynb'
    addresses = {'': None, 'https://github.com/who/what': page, 'https://github.com/who/what.git': page,
        'https://gitlab.com/who/what': None}
    for cfg.git_url, link in addresses.items(): assert docs.colab(cfg, 'tutorials/tour.ipynb')==link
    assert ('colab.research' in (site/'index.html').read_text(encoding='utf-8'))==('github.com' in setting('git_url'))

# In a browser

wide, phone = dict(width=1200, height=900), dict(width=380, height=800)

@pytest.fixture
def new_page(browser):
    "Makes pages, which are closed after the test"
    made = []
    def make(size, **kw):
        made.append(browser.new_page(viewport=size, **kw))
        return made[-1]
    yield make
    for page in made: page.close()

def refuse_others(page, bad):
    "Note and refuse whatever a page asks of other machines, and note the errors of its scripts"
    def refuse(route):
        bad.append(f'{page.url} asks for {route.request.url}')
        route.abort()
    page.route('http*://**', refuse)
    page.on('pageerror', lambda e: bad.append(f'{page.url}: {e}'))

counts = {
    'pictures do not load': '[...document.images].filter(i => !i.naturalWidth).length',
    'pictures without words': '[...document.images].filter(i => i.alt.trim().length < 6).length',
    'formulas do not show': '[...document.querySelectorAll("#quarto-document-content math")]'
        '.filter(m => !m.getBoundingClientRect().width).length',
}

def troubles(page):
    "What a reader with a small screen would stumble over on the page that is open"
    width = page.evaluate('document.documentElement.scrollWidth')
    if width>phone['width']: yield f'{width} pixels wide'
    for what, script in counts.items():
        if n := page.evaluate(script): yield f'{n} {what}'

@pytest.mark.parametrize('scheme', ('light','dark'))
def test_docs_read_well_on_a_phone(site, new_page, scheme):
    "No page is wider than the screen, every picture loads and has words, no script fails, nothing comes from elsewhere"
    pages, bad = sorted(site.rglob('*.html')), []
    page = new_page(phone, color_scheme=scheme)
    refuse_others(page, bad)
    for f in pages:
        page.goto(f.as_uri())
        bad += [f'{f.name}: {trouble}' for trouble in troubles(page)]
    assert pages and not bad, '\n'.join(bad)

def test_docs_light_and_dark_differ(site, new_page):
    "The page follows the reader's scheme, and its own switch"
    shades = {}
    background = 'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0,3).reduce((a,b) => a+ +b, 0)/3'
    for scheme in ('light','dark'):
        page = new_page(wide, color_scheme=scheme)
        page.goto((site/'index.html').as_uri())
        shades[scheme] = page.evaluate(background)
        page.click('.quarto-color-scheme-toggle')
        page.wait_for_function(f'Math.abs({background}-{shades[scheme]})>100')
    assert shades['light']>200 and shades['dark']<80, shades

def test_docs_search_from_a_disk(site, new_page):
    "Opened as a file, with no server: words find their page, and following the first result leads there"
    page, bad = new_page(wide), []
    refuse_others(page, bad)
    queries = ('index.html','NoiseSchedule','noise.html'), ('tutorials/tour.html','negative prompt','guidance.html')
    for start, words, found in queries:
        page.goto((site/start).as_uri())
        page.fill('#quarto-search input', words)
        page.wait_for_selector('#quarto-search .search-result')
        hrefs = page.eval_on_selector_all('#quarto-search .search-result', 'links => links.map(a => a.href)')
        assert any(found in h for h in hrefs), f'{words}: {hrefs}'
        page.click('#quarto-search .search-result >> nth=0')
        page.wait_for_url(hrefs[0])
        assert page.inner_text('h1.title')
    page.fill('#quarto-search input', 'qqxxzz')
    page.wait_for_selector('.search-none')
    assert not bad, '\n'.join(bad)

says_and_shows = """s => [s.parentElement.querySelector('output').textContent,
    getComputedStyle(s.parentElement.querySelector('[role=img]')).backgroundPositionX]"""

def test_docs_sliders_work_without_a_kernel(site, new_page):
    "The run on record of 21_sampling: moving the slider changes the frame and what is said of it"
    page = new_page(phone)
    page.goto((site/'sampling.html').as_uri())
    slider = page.locator('input[type=range]').first
    before = slider.evaluate(says_and_shows)
    slider.evaluate("s => { s.value = 0; s.dispatchEvent(new Event('input')) }")
    after = slider.evaluate(says_and_shows)
    assert before[0]!=after[0] and before[1]!=after[1] and 'call 1 of' in after[0], (before, after)
    assert slider.bounding_box()['width']>100
    assert 'predicted x0' in slider.evaluate("s => s.parentElement.querySelector('[role=img]').ariaLabel")

def test_docs_are_one_walk(site, new_page):
    "From the index, `next` leads through every page of the sidebar, in its order, and `previous` back"
    page = new_page(wide)
    page.goto((site/'index.html').as_uri())
    listed = page.locator('#quarto-sidebar a.sidebar-link[href$=".html"]')
    order, walk = listed.evaluate_all('links => links.map(a => a.href)'), [page.url]
    while (link := page.locator('.nav-page-next a')).count():
        page.goto(link.evaluate('a => a.href'), wait_until='domcontentloaded')
        assert page.locator('.nav-page-previous a').evaluate('a => a.href')==walk[-1]
        walk.append(page.url)
    assert walk==list(dict.fromkeys(order)), (walk, order)
    assert len(walk)==len(list(site.rglob('*.html'))), walk
