"How the code reads: lines that end, names that are used, and notebooks that export themselves"
import json, sys
import pytest
from helpers import notebooks, root, sh

def code_cells(f):
    cells = json.loads((root/f).read_text(encoding='utf-8'))['cells']
    return [''.join(c['source']) for c in cells if c['cell_type']=='code']

def longest(source):
    "The most characters that a line of a cell may have: a lesson is read, an export is also looked up"
    exported = any(line.startswith(('#| export', '#|export')) for line in source.splitlines())
    return 120 if exported else 100

def long_lines(f):
    for source in code_cells(f):
        for line in source.splitlines():
            if len(line)<=longest(source): continue
            yield f'{f}: {len(line)} characters, {longest(source)} at most: {line.strip()[:80]}'

def test_no_line_runs_on():
    bad = [line for f in notebooks() for line in long_lines(f)]
    assert not bad, '\n'.join(bad)

def test_ruff_finds_nothing():
    sh(sys.executable, '-m', 'ruff', 'check', '--quiet', '--no-cache', '--output-format', 'concise', '.')

def test_a_notebook_with_a_module_ends_in_its_export():
    "So that whoever runs it in Jupyter has the module written, too"
    sources = {f: code_cells(f) for f in notebooks()}
    with_module = {f: cells for f, cells in sources.items() if any(c.startswith('#| default_exp') for c in cells)}
    bad = [str(f) for f, cells in with_module.items() if 'nbdev_export()' not in cells[-1]]
    assert not bad, f"end these with a hidden cell, `import nbdev; nbdev.nbdev_export()`: {bad}"

@pytest.mark.parametrize('source, trouble', [
    ('#| export\n'+'x'*121, '121 characters, 120 at most'), ('#| export\n'+'x'*120, ''),
    ('x'*101, '101 characters, 100 at most'), ('x'*100, '')])
def test_the_check_of_lines_can_fail(tmp_path, source, trouble):
    f = tmp_path/'a.ipynb'
    f.write_text(json.dumps(dict(cells=[dict(cell_type='code', source=source)])))
    found = ''.join(long_lines(f))
    assert trouble in found if trouble else not found
