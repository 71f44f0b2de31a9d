import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Actor, reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { refusing } from '../../core/audit/refusals.js';
import { AuthorizationError, OpskeepError } from '../../core/context/errors.js';
import { programVersion } from '../../core/config/version.js';
import type { JsonRpcMessage } from './json-rpc.body.js';
import { OwnRoutes, RouteRefusal } from './own-routes.js';
import { type Place, textResult, type Tool } from './tool.js';

type Library = typeof import('@modelcontextprotocol/server');

const INSTRUCTIONS =
  'The memory of a managed service provider. Recall before you ask or guess; remember what will matter later.';

/**
 * Answers the Model Context Protocol (2026-07-28, and 2025-11-25 and older) without sessions: each message stands alone,
 * and has the tools that its sender may use.
 */
@Injectable()
export class McpService {
  constructor(private readonly routes: OwnRoutes) {}

  async answer(request: FastifyRequest, message: JsonRpcMessage): Promise<Response> {
    // Loaded when somebody asks: it would cost every start.
    const [library, { TOOLS }] = await Promise.all([
      import('@modelcontextprotocol/server'),
      import('./tools.js'),
    ]);
    const tools = offered(TOOLS, currentActor());
    requireOffered(message, TOOLS, tools);
    const handler = library.createMcpHandler(() => this.serverFor(request, tools, library), {
      maxSubscriptions: 0,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string' && name !== 'content-length') headers.set(name, value);
    const sent = new Request('http://localhost/mcp', {
      method: 'POST',
      headers,
      body: JSON.stringify(message),
    });
    return handler.fetch(sent, { parsedBody: { ...message } });
  }

  private serverFor(request: FastifyRequest, tools: Tool[], { McpServer }: Library) {
    const server = new McpServer(
      { name: 'opskeep', title: 'Opskeep', version: programVersion() },
      { instructions: INSTRUCTIONS, capabilities: { tools: {} } },
    );
    const call = { api: this.routes.as(request), actor: currentActor(), place: placeOf(request) };
    for (const { name, title, description, input, annotations, run } of tools)
      server.registerTool(name, { title, description, inputSchema: input, annotations }, async given => {
        try {
          return textResult(await run(given, call));
        } catch (error) {
          return textResult(said(error), true);
        }
      });
    return server;
  }
}

/** The tools for whose routes the actor has the scope, and the token the reach. */
function offered(tools: readonly Tool[], actor: Actor): Tool[] {
  return tools.filter(
    ({ scope, paths }) => actor.scopes.has(scope) && paths.every(path => reaches(actor, path)),
  );
}

/**
 * Refuses the call of a tool that the caller is not offered, on the record.
 *
 * @throws AuthorizationError
 */
function requireOffered(
  { method, params }: JsonRpcMessage,
  all: readonly Tool[],
  tools: readonly Tool[],
): void {
  const { name } = (params ?? {}) as { name?: unknown };
  const wanted = method === 'tools/call' && all.find(one => one.name === name);
  if (!wanted || tools.includes(wanted)) return;
  const error = new AuthorizationError(`This token is not for the tool ${wanted.name}`, {
    scope: wanted.scope,
  });
  throw refusing(error, {
    action: 'mcp.call',
    resource_type: 'tool',
    resource_id: wanted.name,
    details: { status: 403, tool: wanted.name },
  });
}

/** `X-Opskeep-Project` and `X-Opskeep-Project-Remote`, percent-encoded. */
function placeOf({ headers }: FastifyRequest): Place {
  const text = (value: string | string[] | undefined) => {
    if (typeof value !== 'string' || value === '') return undefined;
    try {
      return decodeURIComponent(value);
    } catch {
      return undefined;
    }
  };
  return {
    name: text(headers['x-opskeep-project']),
    remote: text(headers['x-opskeep-project-remote']),
  };
}

interface FieldFault {
  field: string;
  message: string;
}

/** A refusal as an assistant can act on it. */
function said(error: unknown): string {
  if (!(error instanceof RouteRefusal || error instanceof OpskeepError)) throw error;
  const faults = (error.details.errors ?? []) as FieldFault[];
  const lines = faults.map(({ field, message }) => `${field}: ${message}`);
  // The message of a single fault is its line.
  return [`${error.code}: ${error.message}`, ...lines.filter(one => one !== error.message)].join('\n');
}
