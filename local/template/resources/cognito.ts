import type { Cognito } from '../../cognito/cognito.ts';
import type { UserProperties } from '../../cognito/deployed-users.ts';
import type { ClientProperties, GroupProperties, UserPoolProperties } from '../../cognito/model.ts';
import type { Resource, ResourceTypes } from '../deploy.ts';

/** Unique among the stacks of an account. */
const idOf = ({ stack, logicalId }: Resource) => `${stack}/${logicalId}`;

export function cognitoTypes({
  cognito,
}: {
  cognito: Pick<Cognito, 'createUserPool' | 'createClient' | 'createGroup' | 'createUser' | 'addUserToGroup'>;
}): ResourceTypes {
  return {
    'AWS::Cognito::UserPool': {
      treatment: 'run',
      properties: {
        UserPoolName: 'applied',
        Policies: 'applied',
        AdminCreateUserConfig: 'applied',
        UsernameAttributes: 'applied',
        AliasAttributes: 'applied',
        UsernameConfiguration: 'applied',
        MfaConfiguration: 'applied',
        LambdaConfig: 'applied',
        AccountRecoverySetting: 'applied',
        AutoVerifiedAttributes: 'applied',
        DeletionProtection: 'without effect',
        DeviceConfiguration: 'without effect',
        EmailConfiguration: 'applied',
        EmailVerificationMessage: 'applied',
        EmailVerificationSubject: 'applied',
        EnabledMfas: 'applied',
        Schema: 'without effect',
        SmsVerificationMessage: 'without effect',
        UserAttributeUpdateSettings: 'without effect',
        UserPoolTags: 'without effect',
        UserPoolTier: 'without effect',
        VerificationMessageTemplate: 'applied',
      },
      create(properties, resource) {
        const { id, arn } = cognito.createUserPool(idOf(resource), properties as UserPoolProperties);
        const provider = `cognito-idp.${resource.place.region}.amazonaws.com/${id}`;
        return {
          ref: id,
          attributes: {
            Arn: arn,
            UserPoolId: id,
            ProviderName: provider,
            ProviderURL: `https://${provider}`,
          },
        };
      },
    },
    'AWS::Cognito::UserPoolClient': {
      treatment: 'run',
      properties: {
        UserPoolId: 'applied',
        ClientName: 'applied',
        ExplicitAuthFlows: 'applied',
        AccessTokenValidity: 'applied',
        IdTokenValidity: 'applied',
        RefreshTokenValidity: 'applied',
        TokenValidityUnits: 'applied',
        AuthSessionValidity: 'applied',
        PreventUserExistenceErrors: 'applied',
        RefreshTokenRotation: 'applied',
        GenerateSecret: 'applied',
        AllowedOAuthFlows: 'without effect',
        AllowedOAuthFlowsUserPoolClient: 'without effect',
        AllowedOAuthScopes: 'without effect',
        CallbackURLs: 'without effect',
        EnableTokenRevocation: 'without effect',
        LogoutURLs: 'without effect',
        SupportedIdentityProviders: 'without effect',
      },
      create({ UserPoolId, ...properties }, resource) {
        const { id } = cognito.createClient(
          String(UserPoolId),
          idOf(resource),
          properties as ClientProperties,
        );
        return {
          ref: id,
          attributes: { ClientId: id, Name: String(properties.ClientName ?? resource.logicalId) },
        };
      },
    },
    'AWS::Cognito::UserPoolGroup': {
      treatment: 'run',
      properties: {
        UserPoolId: 'applied',
        GroupName: 'applied',
        Description: 'applied',
        Precedence: 'applied',
        RoleArn: 'applied',
      },
      create({ UserPoolId, ...properties }, resource) {
        const GroupName = String(properties.GroupName ?? resource.name());
        cognito.createGroup(String(UserPoolId), { ...properties, GroupName } as GroupProperties);
        return { ref: GroupName };
      },
    },
    'AWS::Cognito::UserPoolUser': {
      treatment: 'run',
      properties: {
        UserPoolId: 'applied',
        Username: 'applied',
        UserAttributes: 'applied',
        MessageAction: 'applied',
        DesiredDeliveryMediums: 'applied',
      },
      create({ UserPoolId, DesiredDeliveryMediums = ['EMAIL'], ...properties }, resource) {
        const mediums = DesiredDeliveryMediums as readonly string[];
        if (mediums.some((medium) => medium !== 'EMAIL')) {
          throw new Error(
            `DesiredDeliveryMediums ${mediums.join(', ')} do not run here: users are invited by EMAIL only`,
          );
        }
        const Username = String(properties.Username ?? resource.name());
        cognito.createUser(String(UserPoolId), { ...properties, Username } as UserProperties);
        return { ref: Username };
      },
    },
    'AWS::Cognito::UserPoolUserToGroupAttachment': {
      treatment: 'run',
      properties: { UserPoolId: 'applied', Username: 'applied', GroupName: 'applied' },
      create({ UserPoolId, Username, GroupName }, resource) {
        cognito.addUserToGroup(String(UserPoolId), String(Username), String(GroupName));
        return { ref: resource.name() };
      },
    },
  };
}
