"Write the last words of each lesson, which come before it and what comes next, in the order of the sidebar"
import json, os
from pathlib import Path
import yaml
from nbdev.config import get_config

mark = 'lesson-links'  # the id of the cell

def lessons(root):
    "The notebooks of the sidebar's first section, in its order"
    sections = yaml.safe_load((root/'_quarto.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents']
    learn = next(s['contents'] for s in sections if isinstance(s, dict) and s['section']=='Learn')
    return [root/'nbs'/name for name in learn]

def title(nb): return ''.join(nb['cells'][0]['source']).splitlines()[0].removeprefix('# ')

def link(words, path, here, notebooks):
    return f'{words}: [{title(notebooks[path])}]({Path(os.path.relpath(path, here.parent)).as_posix()})'

def with_links(path, before, after, notebooks):
    "A notebook with its links, in front of the cell that exports it"
    nb = notebooks[path]
    cells = [c for c in nb['cells'] if c['id']!=mark]
    around = (('Before', before), ('Next', after))
    text = ' · '.join(link(words, other, path, notebooks) for words,other in around if other)
    place = len(cells)-('nbdev_export()' in ''.join(cells[-1]['source']))
    cells.insert(place, dict(cell_type='markdown', id=mark, metadata={}, source=[text]))
    return nb|dict(cells=cells)

def main():
    paths = lessons(get_config().config_path)
    notebooks = {p: json.loads(p.read_text(encoding='utf-8')) for p in paths}
    for before, path, after in zip([None, *paths], paths, [*paths[1:], None]):
        nb = with_links(path, before, after, notebooks)
        path.write_text(json.dumps(nb, sort_keys=True, indent=1, ensure_ascii=False)+'\n', encoding='utf-8')

if __name__=='__main__': main()
