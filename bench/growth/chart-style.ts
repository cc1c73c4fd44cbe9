/** The colours for light and dark backgrounds. Not every SVG viewer supports CSS variables, so none are used. */
const COLOURS = {
  light: {
    ground: '#ffffff',
    ink: '#1f2328',
    quiet: '#59636e',
    grid: '#d1d9e0',
    open: '#818b98',
    handlers: '#0969da',
    resources: '#bc4c00',
  },
  dark: {
    ground: '#0d1117',
    ink: '#f0f6fc',
    quiet: '#9198a1',
    grid: '#3d444d',
    open: '#9198a1',
    handlers: '#4493f8',
    resources: '#f0883e',
  },
};

function style({ ground, ink, quiet, grid, ...series }: typeof COLOURS.light): string {
  return [
    `.ground { fill: ${ground}; }`,
    `text { fill: ${quiet}; }`,
    `.title { fill: ${ink}; }`,
    `.grid { stroke: ${grid}; }`,
    `.limit { stroke: ${quiet}; }`,
    ...Object.entries(series).flatMap(([name, colour]) => [
      `polyline.${name} { stroke: ${colour}; }`,
      `circle.${name} { fill: ${colour}; }`,
    ]),
  ].join(' ');
}

export const STYLE = `
    text { font: 12px system-ui, 'DejaVu Sans', sans-serif; }
    .title { font-weight: 600; font-size: 13px; }
    .limit { stroke-dasharray: 4 4; }
    polyline { fill: none; stroke-width: 2; }
    ${style(COLOURS.light)}
    @media (prefers-color-scheme: dark) { ${style(COLOURS.dark)} }`;
