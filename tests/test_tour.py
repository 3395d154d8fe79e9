"The tour in a real JupyterLab: every cell runs, and its pictures are seen"
import nbformat
from helpers import root

tour = root/'nbs/tutorials/tour.ipynb'

def pictures(nb):
    "How many of a notebook's outputs are pictures"
    def is_picture(data):
        return any(k.startswith('image/') for k in data) or '<img' in ''.join(data.get('text/html', ''))
    return sum(is_picture(o.get('data', {})) for c in nb.cells for o in c.get('outputs', []))

def a_picture_is_seen(page):
    "Up from the end, until a picture is on the screen: JupyterLab keeps only the cells in sight"
    images = "[...document.querySelectorAll('.jp-NotebookPanel .jp-OutputArea img')]"
    page.hover('.jp-NotebookPanel')
    for _ in range(200):
        if page.evaluate(images+'.some(i => i.complete && i.naturalWidth>1)'): return True
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(100)

def test_tour_runs_in_jupyterlab(lab):
    promised = pictures(nbformat.read(tour, 4))
    page = lab.open(tour, width=1300, height=900)
    ran = lab.run_all(page)
    assert a_picture_is_seen(page), 'no picture is on the page'
    code = [c for c in ran.cells if c.cell_type=='code' and c.source]
    assert all(c.execution_count for c in code), 'the tour did not come to its end'
    assert pictures(ran)>=promised>0, f'{pictures(ran)} pictures, the saved notebook has {promised}'
