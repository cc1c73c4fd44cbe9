import { issuerIdentifier, resourceIdentifier } from '../options/constraints/urls.js';
import type { Problem } from '../options/validation/constraint.js';
import { displayGiven } from '../options/validation/display-given.js';
import { isTemplate } from '../url/tenant-template.js';

/** The flags of `nest add nestjs-mcp-auth`, as `nest-add.schema.json` describes them. */
export interface Flags {
  readonly issuer?: string;
  readonly resource?: string;
  readonly sourceRoot: string;
}

/** The flags that become options of the module. */
export type ModuleFlags = Required<Pick<Flags, 'issuer' | 'resource'>>;

/**
 * Checks the flags as the start of the application checks the options.
 *
 * @throws Error that names every flag that is missing or wrong
 */
export function checkedFlags({ issuer = '', resource = '' }: Flags): ModuleFlags {
  const problems = [
    problemOf('--issuer', issuer, issuerIdentifier, 'https://auth.example.com'),
    problemOf('--resource', resource, resourceIdentifier, 'http://localhost:3000/mcp'),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw new Error(['McpAuthModule was not added:', ...problems].join('\n- '));
  }
  return { issuer, resource };
}

function problemOf(
  flag: string,
  value: string,
  problem: Problem,
  example: string,
): string | undefined {
  if (value === '') {
    return `${flag} is missing: give a URL, such as ${flag} ${example}`;
  }
  if (isTemplate(value)) {
    return `${flag} must not contain "{tenant}", because tenants need further options; add McpAuthModule by hand, as docs/tenants.md shows`;
  }
  const found = problem(value, {});
  return found && `${flag} ${found}${displayGiven(flag, value)}`;
}
