import { ApiProperty } from '@nestjs/swagger';
import type { JournalFault, Verification } from '../../core/audit/verify.js';

class JournalFaultAnswer implements JournalFault {
  @ApiProperty({
    enum: ['mac', 'key', 'duplicate', 'order', 'future'],
    description: 'Which check the entry did not pass',
  })
  kind!: JournalFault['kind'];
  @ApiProperty({ type: 'integer', description: 'The key of the entry in the journal' }) n!: number;
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'The time that the entry says, in UTC, as it is stored' }) at!: string;
  @ApiProperty({ description: 'In words' }) message!: string;
}

/** What `verifyAudit` answers with. */
export class VerificationAnswer implements Verification {
  @ApiProperty({ description: 'Nothing is wrong' }) ok!: boolean;
  @ApiProperty({ type: 'integer', description: 'Entries that were read' }) checked!: number;
  @ApiProperty({ type: 'integer', description: 'How many faults there are' }) fault_count!: number;
  @ApiProperty({ type: [JournalFaultAnswer], description: 'The first hundred, in order of n' })
  faults!: JournalFaultAnswer[];
  @ApiProperty({ type: [JournalFaultAnswer], description: 'What is odd and may be innocent' })
  warnings!: JournalFaultAnswer[];
}
