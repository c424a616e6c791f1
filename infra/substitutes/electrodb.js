/** In place of electrodb's index: entities alone. */
export { Entity } from 'electrodb/src/entity.js';
