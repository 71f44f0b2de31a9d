import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { TokenCounter } from '../text/token-counter.js';
import {
  type CompressBody,
  type Compression,
  DatedText,
  FileChangesInput,
  InjectionInput,
  MergeInput,
  ProjectStateInput,
  RelevanceInput,
  SnippetInput,
  SummaryInput,
  TextInput,
} from './compress.bodies.js';
import { compressConversationSummary } from '../compression/conversation-summary.js';
import { extractKeyDecisions } from '../compression/decisions.js';
import { compressFileChanges } from '../compression/file-changes.js';
import { formatForInjection } from '../compression/injection.js';
import { mergeContexts } from '../compression/merge.js';
import { compressProjectState } from '../compression/project-state.js';
import { calculateRelevanceScore } from '../compression/relevance.js';
import { createContextSnippet } from '../compression/snippet.js';
import { extractTagsFromText } from '../compression/tags.js';

/** Characters of all turns of one request. */
const MOST_OF_TURNS = 262_144;
/** Characters of what is compared with each other in one request: all items, or all contexts as JSON. */
const MOST_COMPARED = 131_072;

/** The functions of compression for who asks for one over HTTP: each with an input of its own. */
@Injectable()
export class CompressService {
  private readonly functions: Record<Compression, (input: object) => Promise<unknown>> = {
    compressConversationSummary: async input => {
      const { text, turns, at } = await inputOf(SummaryInput, input);
      const length = turns?.reduce((sum, one) => sum + one.text.length, 0) ?? 0;
      requireTogether('input.turns', length, MOST_OF_TURNS);
      const said = turns ?? text;
      if (said === undefined)
        throw ValidationError.of('input.text', 'is required without `turns`', 'required');
      return compressConversationSummary(said, at ?? null);
    },
    createContextSnippet: async input => {
      const { text, ...facts } = await inputOf(SnippetInput, input);
      return createContextSnippet(text, facts);
    },
    compressProjectState: async input => {
      const { state, most } = await inputOf(ProjectStateInput, input);
      return compressProjectState(state, most);
    },
    extractKeyDecisions: async input => {
      const { text, at } = await inputOf(DatedText, input);
      return extractKeyDecisions(text, at ?? null);
    },
    calculateRelevanceScore: async input => {
      const { half_life_days, ...facts } = await inputOf(RelevanceInput, input);
      return calculateRelevanceScore(facts, new Date(), half_life_days);
    },
    mergeContexts: async input => {
      const { contexts } = await inputOf(MergeInput, input);
      requireTogether('input.contexts', JSON.stringify(contexts).length, MOST_COMPARED);
      return mergeContexts(contexts);
    },
    formatForInjection: async input => {
      const { items, max_tokens } = await inputOf(InjectionInput, input);
      const said = items.reduce((sum, { title, text }) => sum + (title ?? '').length + text.length, 0);
      requireTogether('input.items', said, MOST_COMPARED);
      const [whole = 1] = await this.tokens.tokensOf([items.map(({ text }) => text).join('\n')]);
      const length = items.reduce((sum, { text }) => sum + text.length + 1, 1);
      return formatForInjection(items, max_tokens, text => Math.ceil((text.length * whole) / length));
    },
    extractTagsFromText: async input => extractTagsFromText((await inputOf(TextInput, input)).text),
    compressFileChanges: async input => compressFileChanges((await inputOf(FileChangesInput, input)).changes),
  };

  constructor(private readonly tokens: TokenCounter) {}

  async compress({ function: name, input }: CompressBody): Promise<unknown> {
    return this.functions[name](input);
  }
}

function requireTogether(field: string, length: number, most: number): void {
  if (length > most)
    throw ValidationError.of(field, `must have at most ${most} characters together`, 'maxLength');
}

/** 422 with the faults of an input, as fields of it. */
async function inputOf<T extends object>(type: new () => T, input: object): Promise<T> {
  return validateBody(type, input).catch((error: unknown) => {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(
      (error.details.errors ?? []).map(one => ({
        ...one,
        field: one.field === 'body' ? 'input' : `input.${one.field}`,
      })),
    );
  });
}
