import type { S3 } from '../../s3/s3.ts';
import type { ResourceTypes } from '../deploy.ts';

export function s3Types({ s3 }: { s3: Pick<S3, 'createBucket'> }): ResourceTypes {
  return {
    'AWS::S3::Bucket': {
      treatment: 'run',
      properties: {
        BucketName: 'applied',
        BucketEncryption: 'without effect',
        LifecycleConfiguration: 'without effect',
        OwnershipControls: 'without effect',
        PublicAccessBlockConfiguration: 'without effect',
        Tags: 'without effect',
      },
      create(properties, resource) {
        // Names of buckets are lower case and at most 63 characters long.
        const name = String(properties.BucketName ?? resource.name(63).toLowerCase());
        const { arn } = s3.createBucket(name);
        return {
          ref: name,
          attributes: {
            Arn: arn,
            DomainName: `${name}.s3.amazonaws.com`,
            RegionalDomainName: `${name}.s3.${resource.place.region}.amazonaws.com`,
          },
        };
      },
    },
  };
}
