import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Actor, Scope } from '../../core/context/actor.js';
import type { OwnApi } from './own-routes.js';

/** The project that a program works in, as it says in its headers: what a tool takes where its arguments name none. */
export interface Place {
  remote?: string;
  name?: string;
}

/** What a tool is called with. */
export interface Call {
  api: OwnApi;
  actor: Actor;
  place: Place;
}

/** What an assistant can do here. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  annotations: ToolAnnotations;
  /** Who is offered it; the routes that it calls ask again. */
  scope: Scope;
  /** Paths of resources that an access token must be for. */
  paths: readonly string[];
  /** The text of the answer. */
  run: (input: z.output<Input>, call: Call) => Promise<string>;
}

/** A tool with the type of its input forgotten. */
export const tool = <Input extends z.ZodObject>(one: Tool<Input>): Tool => one as unknown as Tool;

export const textResult = (text: string, isError = false): CallToolResult => ({
  content: [{ type: 'text', text }],
  ...(isError ? { isError } : {}),
});
