let failures = 0;

/** Runs one check, and prints its result and how long it took. Returns the error of a check that fails. */
export async function check(title, work) {
  const start = performance.now();
  try {
    const detail = await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`ok    ${title}${detail ? ` (${detail})` : ''}, ${seconds} s`);
    return undefined;
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${title}\n${indent(error.stack ?? error)}`);
    return error;
  }
}

/** Prints the result of all checks, and sets the exit status. */
export function conclude(success) {
  console.log(failures === 0 ? success : `Failed: ${failures}.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

const indent = (value) => String(value).replaceAll(/^/gm, '      ');
