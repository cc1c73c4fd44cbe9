export { createSecuredDocument } from './create-secured-document.js';
