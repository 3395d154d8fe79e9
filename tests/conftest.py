"Fixtures that several suites use, and the last word: the tests left the project as it was"
import secrets, shutil, sys
import nbformat, pytest
from sdexplore.cli import reader_copy
from helpers import (answer, copy_tree, digest, free_port, lab_options, private_jupyter, root, script, serving, sh,
    tree, without_test_flag)

chromium = next(filter(None, map(shutil.which, ('chromium','chromium-browser','google-chrome','chrome'))), None)
quiet = ('--no-sandbox --disable-gpu --disable-quic --no-first-run '
    '--disable-background-networking --disable-component-update --disable-sync')

@pytest.fixture(scope='session')
def docs_copy(tmp_path_factory):
    "A copy of the project with its docs site built, in `_docs`; fails where the site has a problem"
    dest = copy_tree(tmp_path_factory.mktemp('docs'))
    sh(sys.executable, dest/'tools/docs.py', cwd=dest)
    return dest

@pytest.fixture(scope='session')
def site(docs_copy): return docs_copy/'_docs'

@pytest.fixture(scope='module')
def browser():
    if not chromium: pytest.skip('no Chromium on PATH: `apt-get install chromium`, or a Chrome of your own')
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=chromium, args=quiet.split())
        yield b
        b.close()

def lab_command(folder, port, token):
    "The command of a JupyterLab for `folder`, on this machine only"
    return [script('jupyter-lab'), folder, *lab_options(port, token), '--allow-root',
        '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate']

def without_outputs(notebook):
    nb = nbformat.reads(reader_copy(notebook).decode(), 4)
    for c in nb.cells:
        if c.cell_type=='code': c.outputs, c.execution_count = [], None
    return nb

# What Run > Run All Cells does; it comes back when the last cell has run
run_all = """async () => {
    const work = async () => {
        const panel = jupyterapp.shell.currentWidget;
        await panel.context.ready; await panel.sessionContext.ready;
        await jupyterapp.commands.execute('notebook:run-all-cells');
        await jupyterapp.commands.execute('docmanager:save');
    };
    const tooLong = new Promise((_, no) => setTimeout(() => no('ten minutes, and the notebook still runs'), 600_000));
    await Promise.race([work(), tooLong]);
}"""

class Lab:
    "A JupyterLab on this machine"
    def __init__(self, browser, folder, port, token):
        self.browser, self.folder = browser, folder
        self.port, self.token = port, token
    def address(self, path): return f'http://127.0.0.1:{self.port}/{path}?reset&token={self.token}'
    def open(self, notebook, **size):
        "The page of a copy of a notebook, without its outputs, when its kernel is there"
        nbformat.write(without_outputs(notebook), self.folder/notebook.name)
        page = self.browser.new_page(viewport=size)
        page.goto(self.address(f'lab/tree/{notebook.name}'), timeout=90_000)
        page.wait_for_selector('.jp-NotebookPanel .jp-Cell', timeout=90_000)
        page.wait_for_function('window.jupyterapp?.shell.currentWidget?.sessionContext', timeout=90_000)
        return page
    def run_all(self, page):
        "Run the notebook of a page to its end, and read it as it was saved: no cell may fail"
        page.evaluate(run_all)
        nb = nbformat.read(self.folder/page.url.split('/')[-1].split('?')[0], 4)
        errors = [o for c in nb.cells for o in c.get('outputs', []) if o.output_type=='error']
        if errors: pytest.fail('\n'.join(line for o in errors for line in o.traceback), pytrace=False)
        return nb

@pytest.fixture
def lab(browser, tmp_path):
    "In a folder of its own"
    folder, log, port, token = tmp_path/'work', tmp_path/'server.log', free_port(), secrets.token_hex(16)
    folder.mkdir()
    with serving(lab_command(folder, port, token), log, env=without_test_flag()|private_jupyter(tmp_path)) as server:
        lab = Lab(browser, folder, port, token)
        answer(server, lab.address('api'), log)
        yield lab

# What pytest itself checks when all else is done, wherever the tests ran

def report(failure):
    "As of a test that failed with the words `failure`, or passed where there are none"
    name, outcome = 'tests/conftest.py::the_tests_left_the_project_as_it_was', 'failed' if failure else 'passed'
    return pytest.TestReport(name, ('tests/conftest.py', None, 'the project'), {}, outcome, failure or None, 'call')

@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    worker, only_listed = hasattr(session.config, 'workerinput'), session.config.option.collectonly
    if worker or only_listed: return (yield)
    before = digest(root, tree())
    result = yield
    session.testscollected += 1
    after = digest(root, tree())
    changed = sorted(f for f in before.keys()|after.keys() if before.get(f)!=after.get(f))
    words = f'changed while the tests ran: {changed}' if changed else ''
    session.config.hook.pytest_runtest_logreport(report=report(words))
    return result
