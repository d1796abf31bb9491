// English names of the files of the registry; the API tells the Chinese ones.

export const KINDS: Record<string, string> = {
  orgs: "Units",
  staff: "Staff",
  routes: "Routes",
  districts: "Districts",
  estates: "Estates",
  customers: "Customers",
  accounts: "Accounts",
  contracts: "Contracts",
  contacts: "Contacts",
  points: "Metering points",
  meters: "Meters",
  installations: "Installations",
  flags: "Important and protected customers",
};
