import {
  Choice,
  Derived,
  Flag,
  Ip,
  ListOf,
  LongText,
  MapOf,
  Moment,
  Text,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';

/** A technician's computer, as it describes itself. */
@Resource({
  name: 'machine',
  path: 'machines',
  about:
    'The computers that we ourselves work on, with their tools. Not for users who see some clients alone.',
  client: 'none',
  derived: true,
  // MariaDB orders by a unique index only where each row has a value.
  indexes: [['machine_fingerprint', 'id']],
  customFields: true,
})
export class Machine extends ResourceEntity {
  @Text({ uniqueWithin: [], search: true }) hostname!: string;
  @Text({ max: 500, optional: true, unique: true, description: 'Hash of hostname, user and platform' })
  machine_fingerprint!: string | null;
  @Text({ optional: true, search: true, index: true }) friendly_name!: string | null;
  @Choice(['laptop', 'desktop', 'workstation', 'server', 'vm']) machine_type!: string;
  @Choice(['win32', 'darwin', 'linux']) platform!: string;
  @Text({ max: 100, optional: true }) os_version!: string | null;
  @Text({ optional: true, search: true }) username!: string | null;
  @Text({ max: 500, optional: true }) home_directory!: string | null;
  @Flag({ default: false }) has_vpn_access!: boolean;
  @ListOf('text', { optional: true }) vpn_profiles!: string[] | null;
  @Flag({ default: false }) has_docker!: boolean;
  @Flag({ default: false }) has_powershell!: boolean;
  @Text({ max: 50, optional: true }) powershell_version!: string | null;
  @Flag({ default: true }) has_ssh!: boolean;
  @Flag({ default: true }) has_git!: boolean;
  @Choice(['office', 'home', 'mobile']) typical_network_location!: string;
  @Ip({ optional: true }) static_ip!: string | null;
  @Text({ max: 500, optional: true }) claude_working_directory!: string | null;
  @ListOf('text', { optional: true }) additional_working_dirs!: string[] | null;
  @MapOf('text', { optional: true, description: 'Tool → version' })
  installed_tools!: Record<string, string> | null;
  @ListOf('text', { optional: true }) available_mcps!: string[] | null;
  @MapOf('any', { optional: true }) mcp_capabilities!: Record<string, unknown> | null;
  @ListOf('text', { optional: true }) available_skills!: string[] | null;
  @Text({ max: 50, optional: true }) os_package_manager!: string | null;
  @Text({ max: 50, optional: true }) preferred_shell!: string | null;
  @Flag({ default: false }) is_primary!: boolean;
  @Flag({ default: true }) is_active!: boolean;
  @Moment({ optional: true }) last_seen_at!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
  @Derived(
    { type: 'string', format: 'uuid', nullable: true },
    { description: 'The newest session on it that the caller sees' },
  )
  last_session_id?: string | null;
}
