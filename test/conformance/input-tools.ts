/* eslint-disable @typescript-eslint/no-deprecated -- the suite asks for what earlier revisions of MCP have, too */
import {
  acceptedContent,
  inputRequired,
  inputResponse,
  type InputRequests,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { states } from './request-states.js';

type Property = Record<string, unknown>;

const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const described = { description: 'Asks the client for something.' };
const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

function ask(message: string, properties: Record<string, Property>) {
  const requestedSchema = { type: 'object', properties, required: Object.keys(properties) };
  return inputRequired.elicit({ message, requestedSchema } as Parameters<
    typeof inputRequired.elicit
  >[0]);
}

const askName = () => ask('What is your name?', { name: { type: 'string' } });
const askToConfirm = () => ask('Please confirm', { ok: { type: 'boolean' } });
const sample = (prompt: string) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens: 100,
  });

/** Registers the tools that ask the client for input, in the ways of both protocol revisions. */
export function registerInputTools(server: McpServer): void {
  registerServerRequests(server);
  registerSingleQuestions(server);
  registerStatefulQuestions(server);
}

/** Registers tools that send requests to the client, as before MCP 2026-07-28. */
function registerServerRequests(server: McpServer): void {
  const prompted = { ...described, inputSchema: z.object({ prompt: z.string() }) };
  server.registerTool('test_sampling', prompted, async ({ prompt }, ctx) => {
    const { content } = await ctx.mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
      maxTokens: 100,
    });
    return text(`LLM response: ${JSON.stringify(content)}`);
  });
  const elicitation = { ...described, inputSchema: z.object({ message: z.string() }) };
  server.registerTool('test_elicitation', elicitation, async ({ message }, ctx) =>
    elicit(ctx, message, { response: { type: 'string' } }),
  );
  server.registerTool('test_elicitation_sep1034_defaults', described, (ctx) =>
    elicit(ctx, 'Please review the defaults', DEFAULTS),
  );
  server.registerTool('test_elicitation_sep1330_enums', described, (ctx) =>
    elicit(ctx, 'Please select', ENUMS),
  );
}

async function elicit(ctx: ServerContext, message: string, properties: Record<string, Property>) {
  const requestedSchema = { type: 'object', properties };
  const { action, content } = await ctx.mcpReq.elicitInput({
    message,
    requestedSchema,
  } as Parameters<ServerContext['mcpReq']['elicitInput']>[0]);
  return text(`action=${action}, content=${JSON.stringify(content ?? {})}`);
}

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const CHOICES = ['option1', 'option2', 'option3'];
const TITLED = CHOICES.map((value) => ({ const: value, title: `The ${value}` }));
const ENUMS = {
  untitledSingle: { type: 'string', enum: CHOICES },
  titledSingle: { type: 'string', oneOf: TITLED },
  legacyEnum: { type: 'string', enum: CHOICES, enumNames: ['One', 'Two', 'Three'] },
  untitledMulti: {
    type: 'array',
    minItems: 1,
    maxItems: 3,
    items: { type: 'string', enum: CHOICES },
  },
  titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: TITLED } },
};

/** Registers tools whose results ask for input, since MCP 2026-07-28. */
function registerSingleQuestions(server: McpServer): void {
  const tool = (name: string, inputRequests: InputRequests, done: (ctx: ServerContext) => string) =>
    server.registerTool(`test_input_required_result_${name}`, described, (ctx) =>
      hasAll(ctx, inputRequests) ? text(done(ctx)) : inputRequired({ inputRequests }),
    );
  tool('elicitation', { user_name: askName() }, (ctx) => `Hello, ${content(ctx, 'user_name')}!`);
  tool('sampling', { sample_request: sample('What is the capital of France?') }, (ctx) =>
    JSON.stringify(ctx.mcpReq.inputResponses),
  );
  tool('list_roots', { roots_request: inputRequired.listRoots() }, (ctx) =>
    JSON.stringify(ctx.mcpReq.inputResponses),
  );
  server.registerTool('test_input_required_result_capabilities', described, (ctx) => {
    const { sampling, elicitation } = capabilities(ctx);
    const inputRequests = {
      ...(elicitation !== undefined && { elicit_input: askName() }),
      ...(sampling !== undefined && { sample_input: sample('Say hello') }),
    };
    return Object.keys(inputRequests).length === 0 || hasAll(ctx, inputRequests)
      ? text('Nothing to ask for.')
      : inputRequired({ inputRequests });
  });
  server.registerTool('test_missing_capability', described, (ctx) => {
    // The SDK refuses to ask a client for a feature that the client did not declare.
    const inputRequests = { sample_request: sample('Say hello') };
    return hasAll(ctx, inputRequests) ? text('Success') : inputRequired({ inputRequests });
  });
  server.registerPrompt('test_input_required_result_prompt', described, (ctx) => {
    const inputRequests = { user_context: ask('Which context?', { context: { type: 'string' } }) };
    return hasAll(ctx, inputRequests)
      ? {
          messages: [
            { role: 'user', content: { type: 'text', text: content(ctx, 'user_context') } },
          ],
        }
      : inputRequired({ inputRequests });
  });
}

/** Registers tools whose results ask for input and give a signed state to the client. */
function registerStatefulQuestions(server: McpServer): void {
  const tool = (name: string, inputRequests: InputRequests, done: string) =>
    server.registerTool(`test_input_required_result_${name}`, described, async (ctx) =>
      hasAll(ctx, inputRequests) && ctx.mcpReq.requestState<{ kind: string }>()?.kind === name
        ? text(done)
        : inputRequired({ inputRequests, requestState: await states.mint({ kind: name }) }),
    );
  tool('request_state', { confirm: askToConfirm() }, 'state-ok: requestState validated');
  tool('tampered_state', { confirm: askToConfirm() }, 'integrity-ok: state verified');
  tool(
    'multiple_inputs',
    {
      user_name: askName(),
      greeting: sample('Generate a greeting'),
      client_roots: inputRequired.listRoots(),
    },
    'All there.',
  );
  server.registerTool('test_input_required_result_multi_round', described, (ctx) => nextRound(ctx));
}

async function nextRound(
  ctx: ServerContext,
): Promise<InputRequiredResult | ReturnType<typeof text>> {
  const round = ctx.mcpReq.requestState<{ round: number }>()?.round ?? 0;
  const isAnswered = round > 0 && hasAll(ctx, { [`step${round}`]: askName() });
  if (isAnswered && round === 2) {
    return text(`Done: ${content(ctx, 'step2')}`);
  }
  const next = isAnswered ? 2 : 1;
  return inputRequired({
    inputRequests: {
      [`step${next}`]: next === 1 ? askName() : ask('Which color?', { color: { type: 'string' } }),
    },
    requestState: await states.mint({ round: next }),
  });
}

function hasAll(ctx: ServerContext, requests: InputRequests): boolean {
  return Object.keys(requests).every(
    (key) => inputResponse(ctx.mcpReq.inputResponses, key).kind !== 'missing',
  );
}

function content(ctx: ServerContext, key: string): string {
  return Object.values(acceptedContent(ctx.mcpReq.inputResponses, key) ?? {}).join(' ');
}

function capabilities(ctx: ServerContext): Record<string, unknown> {
  const envelope: Record<string, unknown> = { ...ctx.mcpReq.envelope };
  return (envelope[CLIENT_CAPABILITIES] ?? {}) as Record<string, unknown>;
}
