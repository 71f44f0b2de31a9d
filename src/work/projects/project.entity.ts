import {
  Choice,
  Day,
  Decimal,
  Flag,
  ListOf,
  LongText,
  MayBelongTo,
  Text,
  Uuid,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';

/** Work with an aim of its own, often with a repository. */
@Resource({
  name: 'project',
  path: 'projects',
  about: 'Undertakings, ours and those for clients, with their dates and estimates.',
  client: 'self',
  owner: 'user_id',
  taggable: true,
  customFields: true,
})
export class Project extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @Uuid({
    optional: true,
    readOnly: true,
    description: 'Who registered it, and sees it as long as it belongs to no client',
  })
  user_id!: string | null;
  @Text({ search: true, index: true }) name!: string;
  @Text({
    max: 100,
    uniqueWithin: ['client_id'],
    search: true,
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    must: 'be lower-case letters and digits in words joined by hyphens, such as client-portal',
    assigned: true,
    description: 'Unique per client; made from the name when absent',
  })
  slug!: string;
  @Choice([
    'client_project',
    'internal_product',
    'infrastructure',
    'website',
    'development_tool',
    'documentation',
  ])
  category!: string;
  @Choice(['working', 'planned', 'paused', 'complete', 'archived']) status!: string;
  @Choice(['medium', 'critical', 'high', 'low']) priority!: string;
  @LongText({ optional: true, search: true }) description!: string | null;
  @Text({
    max: 500,
    optional: true,
    pattern: /^(?!\w[\w+.-]*:\/\/[^/@\s:]*:[^/@\s]*@)\S+$/,
    must: 'be a git remote without spaces and without a password in it',
    search: true,
    example: 'git@git.example.com:msp/tool.git',
    description: 'A git remote; without a password',
  })
  repository_url!: string | null;
  /** What all forms of the same remote have in common; see repositoryKey. */
  @Text({ max: 500, optional: true, internal: true, index: true }) repository_key!: string | null;
  /** The user who said by what it is known: its remote (its name where it has none), and for whom that holds. */
  @Uuid({ optional: true, internal: true, index: false }) known_by!: string | null;
  /** Whether somebody who sees every client has said so. */
  @Flag({ optional: true, internal: true, index: false }) known_to_all!: boolean | null;
  @Text({ max: 500, optional: true }) local_path!: string | null;
  @ListOf('text', { optional: true }) technologies!: string[] | null;
  @Day({ optional: true }) started_on!: string | null;
  @Day({ optional: true }) due_on!: string | null;
  @Day({ optional: true }) completed_on!: string | null;
  @Decimal({ precision: 8, optional: true }) estimated_hours!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
