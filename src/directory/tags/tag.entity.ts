import { Choice, Derived, LongText, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { TAG_NAME } from '../../core/resource/tags/tagging.js';

/** The resources whose rows have tags, as their `taggable` says. */
export const TAGGED = [
  'context-snippets',
  'conversation-contexts',
  'credentials',
  'decision-logs',
  'infrastructure',
  'problem-solutions',
  'projects',
  'security-incidents',
  'sessions',
  'work-items',
];

/** A word that is put on rows of the taggable resources. */
@Resource({
  name: 'tag',
  path: 'tags',
  about: `Words that group rows of ${TAGGED.map(path => `\`${path}\``).join(', ')}.`,
  client: 'shared',
  writing:
    'A name is one tag, whoever uses it: who gives it to a row of theirs sees its description from then on. What tells of ' +
    'one client belongs on the rows of that client.',
  changing: 'By those alone who see every client: a tag may be on rows of any.',
  derived: true,
  customFields: true,
})
export class Tag extends ResourceEntity {
  @Text({
    max: 100,
    uniqueWithin: [],
    lower: true,
    search: true,
    pattern: TAG_NAME,
    must: 'have no comma',
    description: 'Stored in lower case; no comma, which separates tags in filters',
  })
  name!: string;
  @Choice(['other', 'technology', 'client', 'infrastructure', 'problem_type', 'action', 'service'])
  category!: string;
  @LongText({ max: 2000, optional: true, search: true }) description!: string | null;
  @Text({
    max: 7,
    optional: true,
    pattern: /^#[0-9a-fA-F]{6}$/,
    must: 'be # and six hexadecimal digits, such as #1e90ff',
    example: '#1e90ff',
  })
  color!: string | null;
  @Derived({ type: 'integer', description: 'On how many rows that the caller may see' }) usage_count!: number;
}
