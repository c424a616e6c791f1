/**
 * In place of electrodb's index: entities alone. And what electrodb requires of the SDK is given to it here: a package that
 * is required stays in a bundle with all that it exports, one that is imported with what is used.
 */

import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import required from './electrodb-requires.cjs';

Object.assign(required, {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
  unmarshall,
});

export { Entity } from 'electrodb/src/entity.js';
