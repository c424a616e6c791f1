/**
 * In place of the search for credentials in files, processes, single sign-on and metadata services, with a client for each:
 * Lambda gives a function the credentials of its role, with their session token, in its environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), where the search would find them first. Only
 * SnapStart gives them elsewhere (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials);
 * no function has it, and a test of the templates sees to that.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
