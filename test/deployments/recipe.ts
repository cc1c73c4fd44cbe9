import { fencedBlocksOf } from '../docs/blocks.mjs';

export const PAGE = 'docs/behind-a-proxy.md';

/** Returns the configuration under a heading of the page, with the replacements of the test. */
export async function recipe(
  heading: string,
  language: string,
  replacements: Record<string, string>,
): Promise<string> {
  const blocks = await fencedBlocksOf(PAGE);
  const block = blocks.find((each) => each.heading === heading && each.language === language);
  if (block === undefined) {
    throw new Error(`${PAGE} has no block of ${language} under "${heading}"`);
  }
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) {
      throw new Error(`${PAGE} does not have "${from}" under "${heading}"`);
    }
    return text.replaceAll(from, to);
  }, block.code.join('\n'));
}
