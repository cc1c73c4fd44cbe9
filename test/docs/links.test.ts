import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGES = [
  ...['README', 'ARCHITECTURE', 'CONTRIBUTING', 'SECURITY', 'CODE_OF_CONDUCT', 'CHANGELOG'].map(
    (name) => `${name}.md`,
  ),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
];

/** Returns the text of a page without its code. */
const prose = (page: string) =>
  readFileSync(page, 'utf8')
    .replace(/^```.*?^```/gms, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));

/** Returns the anchor that a heading has on GitHub and npm. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsIn = (page: string) =>
  [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const linksIn = (page: string) =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

describe.each(PAGES)('the links of %s', (page) => {
  it('lead to existing files and headings', () => {
    const dead = linksIn(page).filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(target)) {
        return true;
      }
      const isPage = statSync(target).isFile() && target.endsWith('.md');
      return anchor !== undefined && (!isPage || !anchorsIn(target).includes(anchor));
    });
    expect(dead).toEqual([]);
  });
});

it('the index of docs/ links every page', () => {
  const index = linksIn('docs/README.md');
  const pages = readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.filter((file) => !index.includes(file))).toEqual([]);
});
