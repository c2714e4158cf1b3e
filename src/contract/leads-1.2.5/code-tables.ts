/** `leadOrigin`: "will have values like", so another code is taken too. */
export const leadOrigins: Readonly<Record<string, string>> = {
  '1': 'API',
  '2': 'Callme Now',
  '3': 'Callme Back',
  '11': 'Chat',
  '12': 'Whatsapp',
  '13': 'ChatBot',
  '16': 'Google Asistant',
  '17': 'Alexa',
  '19': 'Mobile app',
};

/**
 * `ramo`: the specification names the products ("car, life, motorcycle insurance") and no numbers. These numbers are our
 * assumption, for examples and the sandbox alone: the insurer's own go into the partner configs, and any digits are taken.
 */
export const assumedRamos: Readonly<Record<string, string>> = {
  '1': 'car',
  '2': 'life',
  '3': 'motorcycle',
};
