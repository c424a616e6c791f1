/** Why a grant is not used. */
export interface Reason {
  /** Matches a grant in one line: `Role: action on resource`. */
  readonly grant: RegExp;
  readonly reason: string;
}

/** Of what nothing uses on this machine. */
export const reasons: readonly Reason[] = [
  { grant: /: logs:\w+ on /, reason: 'functions log into files here' },
  { grant: /: xray:\w+ on \*$/, reason: 'nothing is traced here' },
  { grant: /^cloudwatch\.amazonaws\.com: sns:Publish on /, reason: 'no alarm goes off here' },
  {
    grant: /RelayFunctionRole.*: s3:(ListBucket on |PutObject on .*\/aws\/lambda\/\*$)/,
    reason: 'Lambda writes there what could not be relayed for twelve hours',
  },
];
