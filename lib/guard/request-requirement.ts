import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { McpRequirements } from '../mcp/operations/mcp-requirements.js';
import { requirementProblem, type ScopeRequirement } from '../scope/scope-requirement.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import { nameOf } from '../handler/handler.js';

const NO_REQUIREMENTS: McpRequirements = { calls: [], needs: [], isDenied: false };

/** Returns the requirement without computed scopes. A challenge before login can name only fixed scopes. */
export function fixedRequirement(
  { scopes }: ProtectedAccess,
  operations: McpRequirements | undefined,
): readonly ScopeRequirement[] {
  return operations === undefined
    ? scopes.fixed
    : [...scopes.fixed, ...fixedOfOperations(operations)];
}

/** Returns `true` if no function of the application has to be called. */
export function isFixed(
  { scopes }: ProtectedAccess,
  { needs }: McpRequirements = NO_REQUIREMENTS,
): boolean {
  return scopes.computed.length === 0 && !needs.some(({ scopes }) => typeof scopes === 'function');
}

/** Computes what the handler and the MCP operations of a request require of an authenticated caller. */
export async function computedRequirement(
  policy: ProtectedAccess,
  operations: McpRequirements | undefined,
  request: unknown,
  authInfo: AuthInfo,
): Promise<ScopeRequirement[]> {
  const computed = policy.scopes.computed.map(async (compute) =>
    compute(request as never, authInfo),
  );
  return [
    ...policy.scopes.fixed,
    ...checked(await Promise.all(computed), policy),
    ...(await operationsRequirement(policy, operations, authInfo)),
  ];
}

/** Computes what the MCP operations of a request require of any caller, including an anonymous caller. */
export async function operationsRequirement(
  policy: ProtectedAccess,
  operations: McpRequirements | undefined,
  authInfo: AuthInfo | undefined,
): Promise<ScopeRequirement[]> {
  const computed = (operations?.needs ?? []).map(async ({ operation, scopes }) =>
    typeof scopes === 'function' ? scopes(operation, authInfo) : undefined,
  );
  return [...fixedOfOperations(operations), ...checked(await Promise.all(computed), policy)];
}

function fixedOfOperations(operations: McpRequirements | undefined): ScopeRequirement[] {
  const needed = (operations?.needs ?? []).map(({ scopes }) => scopes);
  return [...new Set(needed.filter((scopes) => typeof scopes !== 'function'))];
}

/** Checks the results of the application's functions: at run time they may have any type. */
function checked(computed: unknown[], { handler }: ProtectedAccess): ScopeRequirement[] {
  const needed = computed.filter((requirement) => !isNothing(requirement));
  const problem = needed.map(requirementProblem).find(Boolean);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `The requirement that was computed for ${nameOf(handler)} is not valid: it ${problem}.`,
    );
  }
  return needed as ScopeRequirement[];
}

function isNothing(requirement: unknown): boolean {
  return requirement === undefined || (Array.isArray(requirement) && requirement.length === 0);
}
