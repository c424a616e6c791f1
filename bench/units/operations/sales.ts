import { line, orderOf } from '../sample.ts';
import {
  idLeftBy,
  idOfNext,
  input,
  mutation,
  type Operation,
  ofCustomer,
  ofRows,
  page,
  ROWS,
  times,
} from './operation.ts';

const header = 'id kind source externalId placedAt total { amount currency } lineCount version';
const product = 'id source code name category price { amount currency } active version';
const openOrders = `{ orders(state: OPEN, first: 20) { nodes { ${header} } ${page} } }`;

const code = (index: number) => ({ source: 'shop', code: `N-${100 + index}`, name: line.description });

/** Orders and products. */
export const salesOperations: readonly Operation[] = [
  {
    name: 'place an order of 18 lines, with a mail to the customer and a share with a partner',
    field: 'Mutation.placeOrder',
    as: 'integration',
    query: mutation('placeOrder', 'PlaceOrderInput'),
    ...input(({ customer }) => orderOf(customer().id, 'new-0')),
  },
  {
    name: 'place orders of 18 lines, a row, with a share with a partner',
    field: 'Mutation.placeOrders',
    as: 'integration',
    query: mutation('placeOrders', 'PlaceOrdersInput', ofRows('order')),
    rows: ROWS,
    ...input(({ customer }) => ({
      orders: times((index) => ({ ...orderOf(customer().id, `new-${index + 1}`, 1), via: 'IMPORT' })),
    })),
  },
  {
    name: 'say that an order is fulfilled',
    field: 'Mutation.updateOrder',
    as: 'integration',
    query: mutation('updateOrder', 'UpdateOrderInput'),
    ...input(({ customer }) => ({ id: customer().orderId, state: 'FULFILLED' })),
  },
  {
    name: 'record a product',
    field: 'Mutation.recordProduct',
    as: 'integration',
    query: mutation('recordProduct', 'RecordProductInput'),
    ...input(() => code(0)),
    leaves: true,
  },
  {
    name: 'record products, a row',
    field: 'Mutation.recordProducts',
    as: 'integration',
    query: mutation('recordProducts', 'RecordProductsInput', ofRows('product')),
    rows: ROWS,
    ...input(() => ({ products: times((index) => code(index + 1)) })),
  },
  {
    name: 'read the orders of a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(`id orders(first: 20) { nodes { ${header} } ${page} }`),
    variables: idOfNext,
  },
  {
    name: 'list 20 open orders',
    field: 'Query.orders',
    as: 'admin',
    query: openOrders,
  },
  {
    name: "list 20 open orders, only of one's own and one's team's customers",
    field: 'Query.orders',
    as: 'sales',
    query: openOrders,
  },
  {
    name: 'read an order with its 18 lines',
    field: 'Query.node',
    as: 'sales',
    query: `query($id: ID!) { node(id: $id) { id ... on Order { ${header.replace('id ', '')}
      lines(first: 100) { nodes { number code description quantity unitPrice } ${page} } } } }`,
    variables: ({ customer }) => ({ id: customer().orderId }),
  },
  {
    name: 'read a product',
    field: 'Query.product',
    as: 'sales',
    query: `query($id: ID!) { product(id: $id) { ${product} } }`,
    variables: (firm) => ({ id: idLeftBy('record a product', firm) }),
  },
  {
    name: 'list 20 products',
    field: 'Query.products',
    as: 'sales',
    query: `{ products(source: "shop", first: 20) { nodes { ${product} } ${page} } }`,
  },
];
