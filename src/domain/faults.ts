import { inPartnerWords } from './partner-words.ts';

/**
 * The fault registry: every stable code that a person can meet, what it means, what the operator does next and, for
 * codes that reach a result file, what the partner should do (in the two languages of the result files). Codes are
 * promises: scripts match on them, so they are added and never renamed.
 */
export interface Fault {
  /** What happened, for an operator. */
  readonly means: string;
  /** What the operator does next. */
  readonly then: string;
  /** What the partner is told in the result file. Absent: the partner never sees the code. */
  readonly partner?: { readonly es: string; readonly en: string };
}

export const faults = {
  // rows: content
  ROW_UNREADABLE: {
    means: 'The record could not be read as CSV. Newer rows say why by a code of their own.',
    then: 'Nothing. The partner corrects the row and sends it again.',
    partner: {
      es: 'La fila no se puede leer: revise comillas y número de columnas y envíela de nuevo.',
      en: 'The row cannot be read: check its quotes and number of columns and send it again.',
    },
  },
  ROW_CELLS_TOO_FEW: {
    means: 'The row has fewer cells than the header has columns: it was cut, or a delimiter is missing.',
    then: 'Nothing. The partner corrects the row and sends it again.',
    partner: {
      es: 'La fila tiene {cells} celdas y la cabecera {expected}: complétela y envíela de nuevo.',
      en: 'The row has {cells} cells and the header {expected}: complete it and send it again.',
    },
  },
  ROW_CELLS_TOO_MANY: {
    means: 'The row has more filled cells than the header has columns: a cell holds a delimiter and has no quotes.',
    then: 'Nothing. The partner corrects the row and sends it again.',
    partner: {
      es: 'La fila tiene {cells} celdas y la cabecera {expected}: ponga entre comillas la celda que contiene el separador.',
      en: 'The row has {cells} cells and the header {expected}: put quotes around the cell that contains the delimiter.',
    },
  },
  ROW_QUOTE_STRAY: {
    means: 'A cell of the row has a quote where none may stand.',
    then: 'Nothing. The partner corrects the row and sends it again.',
    partner: {
      es: 'La celda {cell} tiene una comilla suelta: escríbala doble ("") o quítela.',
      en: 'Cell {cell} has a stray quote: write it twice ("") or take it away.',
    },
  },
  ROW_QUOTE_UNCLOSED: {
    means: 'A quote of the row is never closed. Only its first line is lost: the lines below are read as rows.',
    then: 'Nothing. The partner corrects the row and sends it again.',
    partner: {
      es: 'La celda {cell} abre una comilla que no se cierra: ciérrela o quítela.',
      en: 'Cell {cell} opens a quote that is never closed: close it or take it away.',
    },
  },
  ROW_CELL_TOO_LONG: {
    means: 'A cell of the row is longer than `limits.maxCell` of the partner config allows.',
    then: 'Nothing, or raise the limit and replay.',
    partner: {
      es: 'La celda {cell} es demasiado larga (máximo {max} caracteres).',
      en: 'Cell {cell} is too long (at most {max} characters).',
    },
  },
  ROW_TOO_LONG: {
    means: 'The row is longer than any row can be, and no cell alone is to blame.',
    then: 'Nothing. The partner leaves out columns that nobody reads.',
    partner: {
      es: 'La fila es demasiado larga (máximo {max} bytes).',
      en: 'The row is too long (at most {max} bytes).',
    },
  },
  ROW_TEXT_DAMAGED: {
    means:
      'A value was lost or broken before the file came: a replacement character (�), a zero byte, a control character, or what a spreadsheet writes where a formula has failed (#N/A, #REF!).',
    then: 'Nothing. The partner exports the row again; the loss is in their system or in its export.',
    partner: {
      es: '{column} tiene caracteres dañados o un error de hoja de cálculo (#N/D, #¡REF!): corríjalo y envíelo de nuevo.',
      en: '{column} has damaged characters or a spreadsheet error (#N/A, #REF!): correct it and send it again.',
    },
  },
  ROW_TEXT_DOUBTFUL: {
    means: 'A value looks as if its accents were encoded twice (JosÃ©). It was used as it is.',
    then: 'Nothing. If many rows have it, ask the partner to mend it in their system.',
    partner: {
      es: '{column} parece mal codificado (acentos como Ã©): compruébelo.',
      en: '{column} looks wrongly encoded (accents such as Ã©): please check it.',
    },
  },
  ROW_FIELD_MISSING: {
    means: 'A required field is empty and has no default.',
    then: 'Nothing. The partner completes the field, or a default is added to the partner config.',
    partner: { es: 'Falta un dato obligatorio: {column}.', en: 'A required value is missing: {column}.' },
  },
  ROW_FIELD_TOO_LONG: {
    means: 'A required or steering field is longer than the contract allows.',
    then: 'Nothing. The partner shortens it.',
    partner: {
      es: '{column} es demasiado largo (máximo {max} caracteres).',
      en: '{column} is too long (at most {max} characters).',
    },
  },
  ROW_FIELD_DROPPED: {
    means: 'An optional field was not usable and was left out. The lead goes without it.',
    then: 'Nothing.',
    partner: { es: '{column} no era válido y no se ha enviado.', en: '{column} was not valid and was left out.' },
  },
  ROW_FIELD_REPAIRED: {
    means: 'A value was repaired in a documented way (a lost leading zero, a prefix, white space).',
    then: 'Nothing.',
    partner: { es: '{column} se ha corregido ({repair}).', en: '{column} was repaired ({repair}).' },
  },
  ROW_CODE_UNKNOWN: {
    means: 'A value is not in the list of codes that the field or the partner config knows.',
    then: "Add the partner's word to `codes` in the partner config, or let the partner correct the row.",
    partner: {
      es: '{column} no es un valor conocido. Valores conocidos: {known}.',
      en: '{column} is not a known value. Known values: {known}.',
    },
  },
  ROW_NIF_MISSING: {
    means: 'The row has no NIF, so the client check cannot be asked.',
    then: 'Nothing. By agreement with the insurer `withoutNif: send` sends such rows unchecked.',
    partner: { es: 'Falta el NIF.', en: 'The NIF is missing.' },
  },
  ROW_NIF_INVALID: {
    means: 'The NIF is not valid: its form or its control character is wrong.',
    then: 'Nothing. The partner corrects it.',
    partner: {
      es: 'El NIF no es válido: revise el número y la letra.',
      en: 'The NIF is not valid: check its number and letter.',
    },
  },
  ROW_NIF_UNUSUAL: {
    means:
      "An entity's NIF ends in a digit where a letter is the custom, or the reverse. Its value is right; it was used.",
    then: 'Nothing.',
    partner: {
      es: 'El NIF es correcto, pero su control es de un tipo poco habitual: compruébelo.',
      en: 'The NIF is right, but its control character is of an unusual kind: please check it.',
    },
  },
  ROW_PHONE_UNUSUAL: {
    means: "The phone number can be called and is nobody's own (902, 900, 70, 51). It was used.",
    then: 'Nothing.',
    partner: {
      es: 'El teléfono no parece personal (902, 900, 70, 51): compruébelo.',
      en: "The phone number does not look like a person's own (902, 900, 70, 51): please check it.",
    },
  },
  ROW_PHONE_INVALID: {
    means: 'The phone number is not a number that can be called.',
    then: 'Nothing. The partner corrects it.',
    partner: { es: 'El teléfono no es válido.', en: 'The phone number is not valid.' },
  },
  ROW_ID_PRECISION_LOST: {
    means: 'A spreadsheet has rounded an id or a phone number (scientific notation, or 16 digits ending in zeros).',
    then: 'Tell the partner to export the column as text. Nothing of the row is sent.',
    partner: {
      es: '{column} ha perdido cifras en una hoja de cálculo: expórtelo como texto.',
      en: '{column} has lost digits in a spreadsheet: export it as text.',
    },
  },
  ROW_AGENT_INVALID: {
    means: 'The agent is not a number of up to 7 digits.',
    then: 'Nothing. The partner corrects it, or the agent table of the partner config is mended.',
    partner: { es: 'El agente no es válido (7 cifras).', en: 'The agent is not valid (7 digits).' },
  },
  ROW_AGENT_MISSING: {
    means: 'Neither the client check, the row, the postal code table nor the config names an agent.',
    then: 'Set `agent.default` or `agent.byPostalCode` in the partner config, then replay.',
    partner: { es: 'No hay agente asignado.', en: 'There is no agent to assign.' },
  },
  ROW_AGENT_OVERRULED: {
    means: "The row names another agent than the client's own, which the contract says must be the one.",
    then: 'Nothing.',
    partner: {
      es: 'El cliente ya tiene agente: se ha usado el suyo.',
      en: 'The client has an agent already: that one was used.',
    },
  },
  ROW_CONSENT_MISSING: {
    means: 'The consent cell is empty, or no column and no default gives consent.',
    then: 'Nothing is sent without consent. The partner completes the column.',
    partner: { es: 'Falta el consentimiento.', en: 'Consent is missing.' },
  },
  ROW_CONSENT_REFUSED: {
    means: 'The person has not accepted the privacy policy.',
    then: 'Nothing. The row is not sent.',
    partner: {
      es: 'La persona no ha aceptado la política de privacidad: no se envía.',
      en: 'The person has not accepted the privacy policy: not sent.',
    },
  },
  ROW_CONSENT_UNREADABLE: {
    means: 'The consent value is in neither list of the partner config.',
    then: 'Add the word to `consent.accepted` or `consent.refused`, then replay.',
    partner: { es: 'El consentimiento no se entiende.', en: 'The consent value is not understood.' },
  },
  ROW_LEAD_CHANGED: {
    means: 'The lead was created from an earlier row and this row differs. The API cannot change a lead.',
    then: 'Tell the insurer by hand if the change matters.',
    partner: {
      es: 'El lead ya existe con otros datos; la API no permite cambiarlos.',
      en: 'The lead exists already with other data; the API cannot change it.',
    },
  },
  ROW_DUPLICATE: {
    means: 'The same lead is held by an earlier row.',
    then: 'Nothing. `leadsync lead KEY` shows the earlier row.',
    partner: {
      es: 'Este lead ya se envió en una fila anterior.',
      en: 'This lead was already sent from an earlier row.',
    },
  },
  ROW_LEAD_CHANGE_HELD: {
    means: 'This row differs from an earlier row of the same lead whose fate is still open.',
    then: 'Nothing: it goes to work by itself if no lead comes of the earlier row.',
    partner: {
      es: 'Otra fila del mismo lead está en curso; ésta queda a la espera de su resultado.',
      en: 'Another row of the same lead is under way; this one waits for its outcome.',
    },
  },
  ROW_REPLACED: {
    means: 'The row had failed, proven not created, and another row of the same lead has taken its place.',
    then: 'Nothing. `leadsync lead KEY` shows the other row.',
    partner: {
      es: 'Sustituida por otra fila del mismo lead.',
      en: 'Replaced by another row of the same lead.',
    },
  },
  ROW_CANCELLED_BEFORE: {
    means: 'An operator cancelled an earlier row of the same lead.',
    then: 'Nothing, or `leadsync replay` the earlier row if the lead is to be sent after all.',
    partner: {
      es: 'Un operador anuló antes este lead.',
      en: 'An operator cancelled this lead before.',
    },
  },
  ROW_NOT_MANAGED: {
    means: 'partnerManage is false: this client is not managed by the partner. Nothing was sent.',
    then: 'Nothing.',
    partner: { es: 'Cliente no gestionado por el partner.', en: 'The client is not managed by the partner.' },
  },
  ROW_CANCELLED: {
    means: 'An operator cancelled the row before it was sent.',
    then: 'Nothing, or `leadsync replay --row ROW` if the lead is to be sent after all.',
    partner: { es: 'Cancelada antes de enviarse.', en: 'Cancelled before it was sent.' },
  },
  ROW_SUPPRESSED: {
    means:
      'The person is on the suppression list, since their data were erased. Nothing was sent, and nothing of them is kept.',
    then: 'Nothing. Where the person has consented anew: `leadsync erase --list`, then `--lift`, and the partner sends the row again.',
    partner: {
      es: 'Esta fila no se puede tratar.',
      en: 'This row can not be processed.',
    },
  },
  ROW_BLOCKED: {
    means:
      'The time for which the values of the row are kept is over. They are blocked (LOPDGDD art. 32): the service can not read them.',
    then: 'Nothing. On demand of a court or authority the owner of the database reads them: `leadsync retention open ROW`.',
    partner: {
      es: 'Los datos de esta fila están bloqueados: ha pasado el plazo en que se guardan para tratarlos.',
      en: 'The data of this row are blocked: the time for which they are kept for use is over.',
    },
  },
  ROW_RETIRED: {
    means: 'The time for which the values of the row are kept is over, and they were destroyed. Its outcome stays.',
    then: 'Nothing.',
    partner: {
      es: 'Los datos de esta fila se han destruido al pasar el plazo en que se guardan.',
      en: 'The data of this row were destroyed when the time for which they are kept was over.',
    },
  },
  ROW_ERASED: {
    means: "The person's data were erased. What became of the row, its leadId and its audit events are still there.",
    then: 'Nothing. A row that had not been sent was cancelled, and can not be replayed.',
    partner: {
      es: 'Los datos de esta fila se han borrado.',
      en: 'The data of this row were erased.',
    },
  },
  // rows: status updates
  ROW_DATE_UNREADABLE: {
    means: 'The date by which the updates of a lead are ordered is empty or not a date.',
    then: 'Nothing. The partner writes dd/mm/yyyy or yyyy-mm-dd, with or without a time.',
    partner: {
      es: 'La fecha no se entiende: use dd/mm/aaaa o aaaa-mm-dd, con hora o sin ella.',
      en: 'The date is not readable: use dd/mm/yyyy or yyyy-mm-dd, with or without a time.',
    },
  },
  ROW_LEAD_UNKNOWN: {
    means: 'The update names a lead that the ledger does not know.',
    then: 'Check the key with the partner. `updates.unknownLeadId: send` sends such updates by leadId.',
    partner: { es: 'El lead no existe.', en: 'The lead is not known.' },
  },
  ROW_LEAD_OF_ANOTHER_PARTNER: {
    means: 'The update names a leadId that belongs to another partner. Nothing was sent.',
    then: 'Ask the partner where the leadId came from.',
    partner: { es: 'El lead no existe.', en: 'The lead is not known.' },
  },
  ROW_LEAD_IDS_DISAGREE: {
    means: 'The update names a leadId and a partnerLeadId, and they are of two leads. Nothing was sent.',
    then: 'Ask the partner which of the two is meant; the export mixes up rows.',
    partner: {
      es: 'Los identificadores leadId y partnerLeadId son de leads distintos: envíe solo uno o corríjalos.',
      en: 'The ids leadId and partnerLeadId belong to different leads: send one of them or correct them.',
    },
  },
  ROW_LEAD_NOT_CREATED: {
    means: "The update's lead ended without being created.",
    then: 'Nothing, or replay the lead first and then the update.',
    partner: { es: 'El lead no llegó a crearse.', en: 'The lead was not created.' },
  },
  ROW_LEAD_NOT_REGISTERED_YET: {
    means: "The update waits until its lead's leadId is known.",
    then: 'Nothing. It goes on by itself.',
    partner: { es: 'En espera de que se cree el lead.', en: 'Waiting for the lead to be created.' },
  },
  ROW_LEAD_STILL_NOT_REGISTERED: {
    means:
      "The update's lead was not registered within the patience (`updates.patience`, LEADSYNC_UPDATE_PATIENCE_MS).",
    then: 'See what keeps the lead: `leadsync lead KEY`. Once it is registered, replay the update.',
    partner: {
      es: 'El lead sigue sin crearse: la actualización no se ha enviado.',
      en: 'The lead has still not been created: the update was not sent.',
    },
  },
  ROW_LEAD_CLOSED: {
    means: 'A final estado was already accepted for this lead.',
    then: 'Nothing, or set `updates.afterFinal: send`.',
    partner: { es: 'El lead ya está cerrado.', en: 'The lead is closed already.' },
  },
  ROW_UPDATE_REPEATED: {
    means: "The update equals the lead's latest accepted one.",
    then: 'Nothing.',
    partner: { es: 'Estado ya comunicado.', en: 'This state was already reported.' },
  },
  ROW_UPDATE_OVERTAKEN: {
    means: "By the partner's own dates a newer update of this lead was accepted before this one came.",
    then: 'Nothing. Sending it would set the lead back.',
    partner: {
      es: 'Ya se comunicó un estado más reciente.',
      en: 'A newer state was already reported.',
    },
  },
  ROW_UPDATE_COALESCED: {
    means: 'A newer update of the same lead came before this one was sent (`updates.coalesce`).',
    then: 'Nothing. Only the newest is sent.',
    partner: {
      es: 'No se ha enviado: había un estado más reciente del mismo lead.',
      en: 'Not sent: there was a newer state of the same lead.',
    },
  },
  ROW_UPDATE_HELD: {
    means:
      'Another update of the same lead goes first: an older one that is not settled yet, one that may have been set already, or one whose unanswered request may still arrive.',
    then: 'Nothing while that one goes on; resolve or replay it where it is in doubt or failed: `leadsync lead KEY` shows it.',
    partner: {
      es: 'En espera de otra actualización del lead.',
      en: 'Waiting for another update of the same lead.',
    },
  },
  // files
  FILE_PARTNER_UNKNOWN: {
    means: 'The folder has no partner config.',
    then: 'Add partners/<id>.yaml, or drop the file in the right folder.',
    partner: { es: 'Carpeta sin configurar.', en: 'The folder is not configured.' },
  },
  FILE_WITHOUT_PARTNER: {
    means: 'The file lies in the inbox itself or in a folder that no partner can have, so nobody knows whose it is.',
    then: "Put it into its partner's folder in the inbox: `leadsync file ID --save-as inbox/PARTNER/NAME.csv`.",
    partner: {
      es: 'El fichero no está en la carpeta de ningún partner.',
      en: "The file is not in a partner's folder.",
    },
  },
  FILE_IN_SUBFOLDER: {
    means: "The file lies in a folder inside the partner's folder, and only files in the partner's own are taken in.",
    then: "Put it into the partner's folder itself, by `leadsync file ID --save-as`, or ask the partner to send it there.",
    partner: {
      es: 'El fichero estaba en una subcarpeta: déjelo directamente en su carpeta.',
      en: 'The file was in a sub-folder: put it directly into your folder.',
    },
  },
  FILE_CHECKSUM_MISMATCH: {
    means: 'The SHA-256 in the checksum file is not that of the file, or there is none in it. Nothing was imported.',
    then: 'Ask the partner to send both again.',
    partner: {
      es: 'La suma SHA-256 no corresponde al fichero: envíe de nuevo los dos.',
      en: 'The SHA-256 is not that of the file: send both again.',
    },
  },
  FILE_EMPTY: {
    means: 'The file has no bytes.',
    then: 'Ask the partner to export again.',
    partner: { es: 'El fichero está vacío.', en: 'The file is empty.' },
  },
  FILE_NO_ROWS: {
    means: 'The file has a header and no rows.',
    then: 'Nothing, if the partner had nothing to send.',
    partner: { es: 'El fichero no tiene filas.', en: 'The file has no rows.' },
  },
  FILE_COLUMNS_MISSING: {
    means: 'Required columns were not found in the header.',
    then: 'Compare the header with `columns` in the partner config; mend whichever is wrong and drop the file again.',
    partner: { es: 'Faltan columnas: {columns}.', en: 'Columns are missing: {columns}.' },
  },
  FILE_HEADER_UNREADABLE: {
    means: 'The first line could not be read as CSV (quotes), so nothing below it can be.',
    then: 'Ask the partner to export again.',
    partner: {
      es: 'La cabecera no se puede leer: revise las comillas.',
      en: 'The header cannot be read: check its quotes.',
    },
  },
  FILE_HEADER_AMBIGUOUS: {
    means: 'Two columns of the header claim the same field.',
    then: 'Name the right header in `columns` of the partner config, then drop the file again.',
    partner: { es: 'Dos columnas para el mismo dato: {columns}.', en: 'Two columns for the same field: {columns}.' },
  },
  FILE_UNMATCHED: {
    means: "The file name matches none of the partner's patterns.",
    then: 'Rename the file, or change `files` in the partner config.',
    partner: {
      es: 'El nombre no coincide con ningún patrón: {patterns}.',
      en: 'The name matches none of the patterns: {patterns}.',
    },
  },
  FILE_NOT_CSV: {
    means: 'The bytes are another format than CSV: a spreadsheet, an archive, a web page, an image.',
    then: 'Ask the partner for a CSV export; the reason beside the rejected file says how.',
    partner: { es: 'No es un CSV, sino {found}. {advice}', en: 'This is not CSV but {found}. {advice}' },
  },
  FILE_ENCODING_UNREADABLE: {
    means: 'The bytes are neither UTF-8 nor Windows-1252 text.',
    then: 'Ask the partner to export as UTF-8.',
    partner: { es: 'Codificación ilegible: exporte en UTF-8.', en: 'The encoding is not readable: export as UTF-8.' },
  },
  FILE_ENCODING_DOUBTFUL: {
    means: 'Most accents of the file come out wrong (Mu¤oz, MuÃ±oz): its encoding is another than its bytes suggest.',
    then: 'Ask the partner to export as UTF-8, or name the encoding (`files: { leads: { encoding: … } }`) and drop the file again.',
    partner: {
      es: 'Los acentos no se leen bien (parece {lookalike}): exporte en UTF-8.',
      en: 'The accents come out wrong (it looks like {lookalike}): export as UTF-8.',
    },
  },
  FILE_TOO_LARGE: {
    means: 'The file is larger than `limits` in the partner config allows.',
    then: 'Raise the limit or ask for smaller files.',
    partner: { es: 'El fichero es demasiado grande.', en: 'The file is too large.' },
  },
  FILE_ALREADY_IMPORTED: {
    means: 'The same bytes were imported before. Nothing is created again.',
    then: 'Nothing. `leadsync import FILE --again` reads it once more, row by row.',
    partner: { es: 'Este fichero ya se importó.', en: 'This file was imported before.' },
  },
  FILE_CHANGED_WHILE_READ: {
    means: 'The bytes changed while the file was read. Nothing of it counts as arrived.',
    then: 'Ask the partner to write under a temporary name and rename, then drop it again.',
    partner: { es: 'El fichero cambió durante la lectura.', en: 'The file changed while it was read.' },
  },
  FILE_SEAL_BROKEN: {
    means:
      'A file in archive/ or rejected/ does not open: it was cut, changed or put together anew since it was sealed, or retention has destroyed its key.',
    then: 'Bring the file back from a backup, and find out who writes to these folders.',
  },
  FILE_NOT_KEPT: {
    means:
      'A file that was read, or turned away, can not be put into archive/ or rejected/: no room, no right to write, or something in the way. Nothing is lost: it stays claimed beside the inbox, its rows go on, and its result is issued.',
    then: 'Make room in the folder, or let the user of leadsync write into it. The service puts the file away by itself within a minute.',
  },
  FILE_HELD: {
    means: 'An operator holds the file back: nothing further of it is sent.',
    then: 'Release it, turn it away or cancel what has not been sent.',
    partner: { es: 'Un operador retiene el fichero.', en: 'An operator holds the file back.' },
  },
  FILE_HEADER_CHANGED: {
    means: "The header is not that of the partner's last accepted file of this kind. Nothing of it has been sent.",
    then: 'Compare the two. Release the file, or mend `columns` in the partner config and read it again.',
    partner: {
      es: 'Las columnas no son las de su fichero anterior.',
      en: 'The columns are not those of your file before this one.',
    },
  },
  FILE_SIZE_UNUSUAL: {
    means:
      "The file has far fewer or far more rows than the partner's files usually have. Nothing of it has been sent.",
    then: 'Ask the partner whether the export is whole. Release the file or turn it away.',
    partner: {
      es: 'El fichero tiene {rows} filas; lo habitual son {usual}.',
      en: 'The file has {rows} rows; usual are {usual}.',
    },
  },
  FILE_COLUMN_EMPTY: {
    means: 'A field that nearly every row used to have is empty. Nothing of the file has been sent.',
    then: 'Ask the partner whether the export is right. Release the file, or turn it away.',
    partner: {
      es: '{column} está vacío; antes lo tenía el {percent} % de las filas.',
      en: '{column} is empty; {percent} % of the rows had it before.',
    },
  },
  FILE_ID_REPEATED: {
    means:
      "One partnerLeadId stands on many rows that differ: it looks like a contact's id and not an enquiry's. All but the first would be taken for repetitions. Nothing of the file has been sent.",
    then: 'Name in `identity` of the partner config what tells the enquiries apart, then read the file again; or release it.',
    partner: {
      es: 'Un mismo identificador aparece en {rows} filas distintas: debe identificar la solicitud, no al contacto.',
      en: 'One id stands on {rows} rows that differ: it has to be that of the enquiry, not of the contact.',
    },
  },
  FILE_FIRST_ROWS: {
    means: 'The mapping is new: `firstRows` rows of the file were let go, the others wait for a person.',
    then: 'Look at what became of the first rows. Then release the file, or cancel the others.',
    partner: { es: 'En revisión tras las primeras filas.', en: 'Being looked at after its first rows.' },
  },
  FILE_REJECTED: {
    means: 'An operator has turned the file away. Nothing of it was sent.',
    then: 'Nothing. The partner may send it again.',
    partner: {
      es: 'Un operador ha rechazado el fichero: {reason}',
      en: 'An operator has turned the file away: {reason}',
    },
  },
  FILE_REREAD: {
    means: 'The file was read again under another mapping, and this row had not been sent.',
    then: 'Nothing. The new reading has the row.',
    partner: { es: 'El fichero se ha vuelto a leer.', en: 'The file was read again.' },
  },
  // the API
  API_KO: {
    means: 'The client check answered KO (an incident on their side).',
    then: 'Nothing: it is asked again by itself; after three it fails and can be replayed.',
    partner: { es: 'La aseguradora no pudo responder.', en: 'The insurer could not answer.' },
  },
  API_ANSWER_INCOMPLETE: {
    means: 'The client check answered without a readable partnerManage or status.',
    then: 'Nothing: it is asked again. If it stays, ask the API team.',
    partner: { es: 'Respuesta incompleta de la aseguradora.', en: "The insurer's answer was incomplete." },
  },
  API_ANSWER_MISMATCH: {
    means: 'The answer speaks of another NIF or another leadId than the request.',
    then: 'Stop and ask the API team: answers may be crossed.',
    partner: { es: 'Respuesta incoherente de la aseguradora.', en: "The insurer's answer did not match." },
  },
  API_CLIENT_WITHOUT_AGENT: {
    means: 'The API says the person is a client and names no agent; the contract demands the same agent.',
    then: 'Ask the API team for the agent, then replay.',
    partner: { es: 'Cliente sin agente en la aseguradora.', en: 'The client has no agent at the insurer.' },
  },
  API_REFUSED: {
    means: 'The API refused the content. Nothing was created.',
    then: 'Read the message, mend data or config, then replay.',
    partner: { es: 'La aseguradora rechazó los datos.', en: 'The insurer refused the data.' },
  },
  API_NOT_SENT: {
    means: 'The request was provably never written (refused, DNS, connect, TLS, pool).',
    then: 'Nothing: it goes on by itself when the API is back; replay if its tries are used up.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  SPOOL_UNWRITABLE: {
    means:
      'The spool could not be written, so the request was not sent: after a crash nobody could tell what became of it.',
    then: 'Let the user of leadsync write to LEADSYNC_SPOOL, or give its disk room; the row goes on by itself.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  LEDGER_BEHIND: {
    means: 'The ledger was brought back from before this request, which the spool of a worker knows.',
    then: 'Look the lead up at the insurer, then `leadsync resolve ROW --lead-id ID` or `--send-again`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_TRY_LATER: {
    means: 'The API asked to come back later (429, 503 with Retry-After, 425).',
    then: 'Nothing: it goes on by itself.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_UNAVAILABLE: {
    means: 'A call that may be repeated ended without an answer.',
    then: 'Nothing: it goes on by itself; replay if its tries are used up.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_HALTED_CREDENTIALS: {
    means: 'The API refused our credentials (401, 403, 407). No row is to blame.',
    then: 'Mend LEADS_API_* credentials and start again, or `leadsync resume` when they are good; the rows go on by themselves.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_HALTED_REDIRECT: {
    means: 'The API answered with a redirect, which is never followed.',
    then: 'Mend LEADS_API_URL and start again; the rows go on by themselves.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_HALTED_PATH: {
    means: 'The endpoint does not exist at this path (404 or 405 without a body of the API).',
    then: 'Mend LEADS_API_CLIENT_DATA, _ALTA_LEAD or _UPDATE_LEAD and start again; the rows go on by themselves.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_HALTED_CERTIFICATE: {
    means: "The API's certificate is not trusted, or the API has refused ours. Nothing was sent.",
    then: 'Mend LEADS_API_TLS_CA, or LEADS_API_TLS_CERT and _KEY (`leadsync doctor --api` says which), or ask the API team, then `leadsync resume`; the rows go on by themselves.',
    partner: { es: 'Pendiente de envío.', en: 'Not sent yet.' },
  },
  API_IS_SANDBOX: {
    means:
      'In production an answer bore the mark of our sandbox (X-Leads-Sandbox). No create that it answered is believed.',
    then:
      'Mend LEADS_API_URL, then start again; waiting rows go on by themselves. ' +
      'Of rows in doubt find out whether the lead exists at the insurer, then `leadsync resolve ROW`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_NO_ANSWER: {
    means: 'The create may have been carried out: its answer never came, or was not understood.',
    then: 'Look the lead up at the insurer, then `leadsync resolve ROW --lead-id ID` or `--send-again`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_NO_ANSWER_ORPHAN: {
    means: 'The worker that had announced the request ended before it wrote down an answer.',
    then: 'Look the lead up at the insurer, then `leadsync resolve ROW --lead-id ID` or `--send-again`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_CONFLICT: {
    means: 'The API says the lead exists already (409). It may be our own earlier attempt.',
    then: 'Look the lead up at the insurer, then `leadsync resolve ROW --lead-id ID`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_LEAD_ID_TAKEN: {
    means: 'The API returned a leadId that another row has.',
    then: 'Ask the API team; then `leadsync resolve ROW`.',
    partner: { es: 'En comprobación con la aseguradora.', en: 'Being checked with the insurer.' },
  },
  API_LEAD_ID_LATE: {
    means: 'A leadId came for a row that had been judged otherwise meanwhile: the lead may exist twice.',
    then: 'Look both up at the insurer: `leadsync lead ROW` shows the attempts and the leadId that came late.',
  },
  // what is told outside: summaries and webhooks
  DELIVERY_UNREACHABLE: {
    means: 'The receiver could not be reached: name, connection, or no answer in time.',
    then: 'Nothing for a while: it is tried again by itself. If it stays, ask who runs the receiver.',
  },
  DELIVERY_CERTIFICATE: {
    means: "The receiver's certificate is not trusted, or it offers no encryption.",
    then: 'Ask who runs the receiver to mend it; for a mail server with an authority of its own set SMTP_TLS_CA.',
  },
  DELIVERY_REDIRECTED: {
    means: 'The receiver answered with a redirect, which is never followed.',
    then: 'Put the final address into `webhook.url` of the partner config, or LEADSYNC_SUMMARY_WEBHOOK.',
  },
  DELIVERY_ADDRESS_REFUSED: {
    means: 'The address of the webhook is a private one, or not https, and not allowed.',
    then: 'Mend `webhook.url` of the partner config; a network of your own is allowed by LEADSYNC_WEBHOOK_NETWORKS.',
  },
  DELIVERY_REFUSED: {
    means: 'The receiver refused the message (a status of 4xx, or a mail server that does not take it).',
    then: 'Look at the status in `leadsync deliveries` and ask who runs the receiver. It is tried again by itself.',
  },
  DELIVERY_LOGIN_REFUSED: {
    means: 'The mail server refused our user or password.',
    then: 'Mend SMTP_USER and SMTP_PASSWORD and start again.',
  },
  DELIVERY_RECEIVER_FAILED: {
    means:
      'The receiver answered that it can not just now (429, a status of 5xx, or a mail server that asks to come back).',
    then: 'Nothing: it is tried again by itself.',
  },
  DELIVERY_GONE: {
    means: 'The receiver says that it is gone for good (410). Nothing more is sent to it.',
    then: 'Ask the partner for the new address, mend `webhook.url`, then `leadsync deliveries --go-on PARTNER --reason "…"`.',
  },
  DELIVERY_NOT_CONFIGURED: {
    means: 'The configuration has no such receiver any more, so nobody was told.',
    then: 'Nothing. Where it was taken out by mistake put it back, then `leadsync deliveries --again ID --reason "…"`.',
  },
  DELIVERY_SECRET_UNREADABLE: {
    means: 'The file with the secret of a webhook can not be read, or holds no secret. Nothing is sent unsigned.',
    then: 'Put `whsec_…` into the file beside the partner config that `webhook.secrets` names; it goes on by itself.',
  },
  DELIVERY_UNWRITABLE: {
    means: 'A file of a summary could not be written into the outbox.',
    then: 'Let the user of leadsync write into the outbox, or give its disk room.',
  },
  // configuration
  CONFIG_INVALID: {
    means: 'A setting is missing or wrong.',
    then: 'The message names the variable, what was expected and what was found.',
  },
  CONFIG_PARTNER_INVALID: {
    means:
      'A partner config is not valid. The last valid one stays in force; where there has been none, the files wait in the inbox.',
    then: 'Mend the YAML: the message names file, path and what was expected.',
  },
  CONFIG_KEY_MISMATCH: {
    means: 'LEADSYNC_SECRET_KEY is not the one this ledger was made with; a new key would create every lead again.',
    then: 'Start with the old key.',
  },
  CONFIG_KEY_ROTATED: {
    means:
      'The key table was wrapped by another LEADSYNC_SECRET_KEY since (`leadsync key rotate`). A service that runs with the one before goes on with the rows whose keys it has opened; it takes in and reads no file, so that it seals nothing new.',
    then: 'Give every host the new key and start its service again. With a key in LEADSYNC_HOME, repeat `leadsync key rotate`.',
  },
  CONFIG_ENVIRONMENT_MISMATCH: {
    means: 'This ledger belongs to another environment (sandbox, test, production).',
    then: 'Use that environment, or another LEADSYNC_HOME or DATABASE_URL.',
  },
  CONFIG_SCHEMA_BEHIND: {
    means:
      'The ledger lacks tables, changes or rights that this version of leadsync needs, and this command may not make them.',
    then: 'Run `leadsync migrate` with DATABASE_ADMIN_URL, then start again.',
  },
  CONFIG_SCHEMA_AHEAD: {
    means: 'The ledger has been migrated by a later version of leadsync.',
    then: 'Start that version. An older one does not know what it would be doing.',
  },
  CONFIG_SCHEMA_STRANGE: {
    means:
      'The migrations of the ledger are not those of any version up to this one: it has some that this version does not know, or lacks some that came before those it has. It was made by a version between two others, or its list of migrations was changed.',
    then: 'Use the version that has migrated it. Where there is none, bring the ledger back from a backup that this version or an earlier one has made, or begin with an empty database. Nothing was changed.',
  },
  CONFIG_RIGHTS_TOO_WIDE: {
    means: 'In production: the role of DATABASE_URL may change the schema or the audit log, which a service must not.',
    then: 'Give the service a role of its own: docs/configuration.md, Database roles.',
  },
  CONFIG_TLS_OFF: {
    means:
      'Something switches off the check of certificates: NODE_TLS_REJECT_UNAUTHORIZED, PGSSLMODE, or `sslmode` and its like in DATABASE_URL. Whoever stands in between could then read and change everything.',
    then: 'Take it away. A certificate of an authority of your own is trusted by LEADS_API_TLS_CA, `sslrootcert` in DATABASE_URL or REDIS_TLS_CA.',
  },
  CONFIG_TLS_REQUIRED: {
    means:
      'A server on another machine would be spoken to without TLS: the Leads API, or in production the database or Redis.',
    then: 'Use https://, `?sslmode=verify-full` or rediss://. The message names the setting that allows it all the same.',
  },
  CONFIG_TLS_UNTRUSTED: {
    means:
      'The certificate of the database or of Redis is not trusted, or there is no TLS where it was asked for. Nothing was sent.',
    then: 'Name its authority: `sslrootcert` in DATABASE_URL, or REDIS_TLS_CA. The host in the URL must be one that the certificate names.',
  },
  CONFIG_DATABASE_UNREACHABLE: {
    means: 'PostgreSQL could not be reached or started.',
    then: 'Mend DATABASE_URL, or unset it to use the embedded database.',
  },
  CONFIG_REDIS_UNREACHABLE: {
    means: 'Redis could not be reached or started.',
    then: 'Mend REDIS_URL, or unset it to use a redis-server on the PATH or the PostgreSQL backend.',
  },
  // the console's JSON API
  CONSOLE_TOKEN_MISSING: {
    means: 'The request to the JSON API of the console bears no token.',
    then: 'Send `Authorization: Bearer TOKEN`. `leadsync console-token make NAME` makes one.',
  },
  CONSOLE_TOKEN_REFUSED: {
    means: 'Nobody has this token: it was never made, or is revoked or expired.',
    then: 'Make another one: `leadsync console-token make NAME`; `console-token list` says who has one.',
  },
  CONSOLE_TRIES_TOO_MANY: {
    means: 'Too many wrong tokens came from this address. No further one is looked at for now.',
    then: 'Wait as long as Retry-After says, and mend the client that sends the wrong one.',
  },
  CONSOLE_ROLE_TOO_LOW: {
    means: 'It takes a higher role than this machine user has.',
    then: 'Let somebody do it who may, or make a token with that role.',
  },
  CONSOLE_HOST_STRANGE: {
    means: 'The console was asked for under a name that is not its own.',
    then: 'Ask for it as 127.0.0.1 or localhost, or set CONSOLE_URL to the address that people use.',
  },
  CONSOLE_PATH_UNKNOWN: {
    means: 'There is no such path in the JSON API.',
    then: 'GET /api/openapi.json lists all of them.',
  },
  CONSOLE_METHOD_UNKNOWN: {
    means: 'The path is there, and not for this method.',
    then: 'Use a method that the header Allow names.',
  },
  CONSOLE_NOT_FOUND: {
    means: 'The ledger knows no such file, row, replay, partner or alarm.',
    then: 'Look at the listing for what is there.',
  },
  CONSOLE_REQUEST_INVALID: {
    means: 'Something in the request could not be understood. Nothing was done.',
    then: 'Correct what the message names; docs/api.md says what is expected.',
  },
  CONSOLE_REASON_REFUSED: {
    means: 'The reason holds what looks like a NIF, a phone number or an e-mail address, and is kept for ever.',
    then: 'Say why without it.',
  },
  CONSOLE_BODY_KIND_UNKNOWN: {
    means: 'The body is of a kind that this path does not read.',
    then: 'Send JSON, with `Content-Type: application/json`; a listing of the insurer as text/csv.',
  },
  CONSOLE_BODY_TOO_LARGE: {
    means: 'The body is larger than the JSON API takes.',
    then: 'Send less at once.',
  },
  CONSOLE_MOVED_ON: {
    means: 'Somebody was quicker, or it has moved on by itself since it was looked at. Nothing was done.',
    then: 'Look at it again, and decide anew.',
  },
  CONSOLE_NOT_POSSIBLE: {
    means: 'It can not be done as things stand. Nothing was done.',
    then: 'The message says what stands against it.',
  },
  CONSOLE_TOO_EARLY: {
    means: 'It can not be sent again yet: the first request could still arrive.',
    then: 'Try again after Retry-After.',
  },
  CONSOLE_KEY_REUSED: {
    means: 'The Idempotency-Key was used with another request.',
    then: 'Use a key of its own for each thing that is to be done once.',
  },
  CONSOLE_KEY_UNDER_WAY: {
    means: 'The request with this Idempotency-Key has not been answered: it is under way, or its console died.',
    then: 'Ask again in a moment. If it stays, look whether it was done, and use another key if it was not.',
  },
  CONSOLE_FAILED: {
    means: 'The console could not answer: the ledger does not answer, or something is broken.',
    then: 'Try again in a moment; if it stays, `leadsync doctor` on the host of the console says what is wrong.',
  },
  // the command line
  USAGE_PERSONAL_DATA: {
    means:
      'An argument holds what looks like a NIF, a phone number or an e-mail address. Arguments stand in the history of the shell and in the list of processes.',
    then: 'Take it out of the history. Give `-` where the command asks for a person; it then reads the value from standard input. Rename a file that is called so.',
  },
} as const satisfies Record<string, Fault>;

export type FaultCode = keyof typeof faults;

export type ResultLanguage = 'es' | 'en';

/** The partner's text of a code, with `{name}` places filled from `values`. An unfilled place stays visible. */
export function partnerText(
  code: FaultCode,
  language: ResultLanguage,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const fault: Fault = faults[code];
  const text = fault.partner?.[language] ?? fault.means;
  const told = text.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : inPartnerWords(name, String(value), language);
  });
  return told.charAt(0).toUpperCase() + told.slice(1);
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faults, code);
}
