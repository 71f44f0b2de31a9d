import type { MigrationInterface } from 'typeorm';
import { Access1763800000010 } from './0001-access.js';
import { Journal1763800000020 } from './0002-journal.js';
import { Clients1763800000030 } from './0003-clients.js';
import { Directory1763800000040 } from './0004-directory.js';
import { Estate1763800000050 } from './0005-estate.js';
import { Work1763800000060 } from './0006-work.js';
import { Credentials1763800000070 } from './0007-credentials.js';
import { Incidents1763800000080 } from './0008-incidents.js';
import { Networks1763800000090 } from './0009-networks.js';
import { UniqueNames1763800000110 } from './0011-unique-names.js';
import { ClientRevealPolicy1763800000130 } from './0013-client-reveal-policy.js';
import { BreakGlass1763800000140 } from './0014-break-glass.js';
import { SecretsOfTypes1763800000150 } from './0015-secrets-of-types.js';
import { DeletedAffectedCredentials1763800000160 } from './0016-deleted-affected-credentials.js';
import { ClientRequestId1763800000170 } from './0017-client-request-id.js';
import { Handles1763800000180 } from './0018-handles.js';
import { GrantChains1763800000190 } from './0019-grant-chains.js';
import { FirewallRules1763800000200 } from './0020-firewall-rules.js';
import { IncidentSuspects1763800000210 } from './0021-incident-suspects.js';
import { BreakGlassOwner1763800000220 } from './0022-break-glass-owner.js';
import { Sessions1763800000230 } from './0023-sessions.js';
import { Tasks1763800000240 } from './0024-tasks.js';
import { SessionDetails1763800000250 } from './0025-session-details.js';
import { RateRules1763800000300 } from './0030-rate-rules.js';
import { BillableTime1763800000310 } from './0031-billable-time.js';
import { Relationships1763800000350 } from './0035-relationships.js';
import { M365Tenants1763800000360 } from './0036-m365-tenants.js';
import { CredentialLinks1763800000370 } from './0037-credential-links.js';
import { Memory1763800000400 } from './0040-memory.js';
import { Learning1763800000410 } from './0041-learning.js';
import { Operations1763800000420 } from './0042-operations.js';
import { AccessTokens1763800000500 } from './0050-access-tokens.js';
import { TokensOnTheTrail1763800000510 } from './0051-tokens-on-the-trail.js';
import { CustomFields1763800000530 } from './0053-custom-fields.js';
import { OrdersOfLists1763800000580 } from './0058-orders-of-lists.js';
import { Credits1763800000650 } from './0065-credits.js';
import { TicketLinks1763800000660 } from './0066-ticket-links.js';
import { OrderOfCredits1763800000860 } from './0086-order-of-credits.js';
import { ClientsOfReferences1763800000870 } from './0087-clients-of-references.js';
import { keystoreMigrations } from './keystore/index.js';
import { Recall1763800000900 } from './0090-recall.js';
import { OrderOfTruth1763800000910 } from './0091-order-of-truth.js';
import { NewestOfScopes1763800000920 } from './0092-newest-of-scopes.js';
import { MemoryEvents1763800000930 } from './0093-memory-events.js';
import { TermsByOwner1763800000960 } from './0096-terms-by-owner.js';
import { IndexIsCurrent1763800000970 } from './0097-index-is-current.js';
import { Speech1763800000980 } from './0098-speech.js';
import { ResidualRisk1763800001200 } from './0120-residual-risk.js';
import { ImportedRows1763800001300 } from './0130-imported-rows.js';
import { EarlierEntries1763800001310 } from './0131-earlier-entries.js';
import { ApprovalRequests1763800001500 } from './0150-approval-requests.js';
import { CredentialShares1763800001510 } from './0151-credential-shares.js';
import { AuthorsOfSecrets1763800001600 } from './0160-authors-of-secrets.js';
import { Seals1763800001800 } from './0180-seals.js';
import { SharedCounts1763800001850 } from './0185-shared-counts.js';
import { ClusterLocks1763800001860 } from './0186-cluster-locks.js';
import { Search1763800001900 } from './0190-search.js';
import { Offboarding1763800002000 } from './0200-offboarding.js';
import { Webhooks1763800002010 } from './0201-webhooks.js';
import { BackupsVerified1763800002030 } from './0203-backups-verified.js';
import { Imports1763800002100 } from './0210-imports.js';
import { Domains1763800002200 } from './0220-domains.js';
import { ExpirationReminders1763800002210 } from './0221-expiration-reminders.js';
import { CertificateNames1763800002220 } from './0222-certificate-names.js';
import { ImportAttempts1763800002400 } from './0240-import-attempts.js';
import { KnownRemotes1763800000940 } from './0094-known-remotes.js';
import { ClientsOfDetails1763800001100 } from './0110-clients-of-details.js';
import { Currencies1763800001110 } from './0111-currencies.js';
import { ArchivedClients1763800001120 } from './0112-archived-clients.js';

/** The migrations of the main database, in order. */
export const migrations: (new () => MigrationInterface)[] = [
  Access1763800000010,
  Journal1763800000020,
  Clients1763800000030,
  Directory1763800000040,
  Estate1763800000050,
  Work1763800000060,
  Credentials1763800000070,
  Incidents1763800000080,
  Networks1763800000090,
  UniqueNames1763800000110,
  ClientRevealPolicy1763800000130,
  BreakGlass1763800000140,
  SecretsOfTypes1763800000150,
  DeletedAffectedCredentials1763800000160,
  ClientRequestId1763800000170,
  Handles1763800000180,
  GrantChains1763800000190,
  FirewallRules1763800000200,
  IncidentSuspects1763800000210,
  BreakGlassOwner1763800000220,
  Sessions1763800000230,
  Tasks1763800000240,
  SessionDetails1763800000250,
  RateRules1763800000300,
  BillableTime1763800000310,
  Relationships1763800000350,
  M365Tenants1763800000360,
  CredentialLinks1763800000370,
  Memory1763800000400,
  Learning1763800000410,
  Operations1763800000420,
  AccessTokens1763800000500,
  TokensOnTheTrail1763800000510,
  CustomFields1763800000530,
  OrdersOfLists1763800000580,
  Credits1763800000650,
  TicketLinks1763800000660,
  OrderOfCredits1763800000860,
  ClientsOfReferences1763800000870,
  Recall1763800000900,
  OrderOfTruth1763800000910,
  NewestOfScopes1763800000920,
  MemoryEvents1763800000930,
  KnownRemotes1763800000940,
  TermsByOwner1763800000960,
  IndexIsCurrent1763800000970,
  Speech1763800000980,
  ClientsOfDetails1763800001100,
  Currencies1763800001110,
  ArchivedClients1763800001120,
  ResidualRisk1763800001200,
  ImportedRows1763800001300,
  EarlierEntries1763800001310,
  ApprovalRequests1763800001500,
  CredentialShares1763800001510,
  AuthorsOfSecrets1763800001600,
  Seals1763800001800,
  SharedCounts1763800001850,
  ClusterLocks1763800001860,
  Search1763800001900,
  Offboarding1763800002000,
  Webhooks1763800002010,
  BackupsVerified1763800002030,
  Imports1763800002100,
  Domains1763800002200,
  ExpirationReminders1763800002210,
  CertificateNames1763800002220,
  ImportAttempts1763800002400,
];

export const bothMigrations = { main: migrations, keystore: keystoreMigrations };
