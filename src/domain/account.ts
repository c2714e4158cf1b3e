/** The API account that is configured. Limits, breaker and halts are an account's; a partner may name its own one day. */
export const defaultAccount = 'default';
