//! Public identifiers of Microsoft's own applications, roles, plans and products, as the simulated tenants show them.
//!
//! The id of the Cross Tenant User Data Migration product has been seen but is not in the published product table, and those of
//! its plans are the sandbox's own: clients are meant to recognise the product by its part number.

/// Microsoft Graph.
pub const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// Office 365 Exchange Online.
pub const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
/// Azure Resource Manager.
pub const ARM: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
/// Azure Key Vault.
pub const KEY_VAULT: &str = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
/// Azure Storage.
pub const STORAGE: &str = "e406a681-f3d4-42a8-90b6-c2b029497af1";
/// The tenant that owns Microsoft's service applications.
pub const MICROSOFT_SERVICES: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// `Mailbox.Migration` of Exchange.
pub const MAILBOX_MIGRATION: &str = "f7264778-fba9-422d-8e9e-2675a2c4b513";
/// `Exchange.ManageAsApp` of Exchange.
pub const EXCHANGE_MANAGE_AS_APP: &str = "dc50a0fb-09a3-484d-be87-e023b12c6440";

/// App roles of Exchange: value and id.
pub const EXCHANGE_ROLES: &[(&str, &str)] = &[
    ("Mailbox.Migration", MAILBOX_MIGRATION),
    ("Exchange.ManageAsApp", EXCHANGE_MANAGE_AS_APP),
    ("full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40"),
    ("MailboxSettings.Read", "d45fa9f8-36e5-4cd2-b601-b063c7cf9ac2"),
    ("MailboxSettings.ReadWrite", "f9156939-25cd-4ba8-abfe-7fabcf003749"),
    ("Organization.Read.All", "15f260d6-f874-4366-8672-6b3658c5a09b"),
    ("Organization.ReadWrite.All", "c976971c-a54d-4835-a240-2479e3dac74a"),
    ("User.Read.All", "bf24470f-10c1-436d-8d53-7b997eb473be"),
    ("User.ReadBasic.All", "77e65b5a-ceae-48b3-9490-50a86a038a48"),
    ("IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a"),
    ("POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d"),
];

/// App roles of Graph: value and id.
pub const GRAPH_ROLES: &[(&str, &str)] = &[
    ("AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"),
    ("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
    ("Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
    ("Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"),
    ("CrossTenantInformation.ReadBasic.All", "cac88765-0581-4025-9725-5ebc13f729ee"),
    ("DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"),
    ("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
    ("Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"),
    ("Domain.Read.All", "dbb9058a-0e50-45d7-ae91-66909b5d4664"),
    ("Domain.ReadWrite.All", "7e05723c-0bb0-42da-be95-ae9f08a6e53c"),
    ("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"),
    ("Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"),
    ("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
    ("GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"),
    ("LicenseAssignment.Read.All", "e2f98668-2877-4f38-a2f4-8202e0717aa1"),
    ("LicenseAssignment.ReadWrite.All", "5facf0c1-8979-4e95-abcf-ff3d079771c0"),
    ("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
    ("Organization.ReadWrite.All", "292d869f-3427-49a8-9dab-8c70152b74e9"),
    ("RoleManagement.Read.All", "c7fbd983-d9aa-4fa7-84b8-17382c103bc4"),
    ("RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"),
    ("RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
    ("User.EnableDisableAccount.All", "3011c876-62b7-4ada-afa2-506cbbecc68c"),
    ("User.Invite.All", "09850681-111b-4a89-9bed-3f2cae46d706"),
    ("User.ManageIdentities.All", "c529cfca-c91b-489c-af2b-d92990b66ce6"),
    ("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
    ("User.ReadBasic.All", "97235f07-e226-4f63-ace3-39588e11d3a1"),
    ("User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"),
];

/// The role template of Global Administrator.
pub const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// The role template of Global Reader.
pub const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
/// The role template of Exchange Administrator.
pub const EXCHANGE_ADMINISTRATOR: &str = "29232cdf-9323-42fd-ade2-1d097af3e4de";
/// The role template of Exchange Recipient Administrator.
pub const EXCHANGE_RECIPIENT_ADMINISTRATOR: &str = "31392ffb-586c-42d1-9346-e59415a2cc4e";

/// The role template of Application Administrator.
pub const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
/// The role template of Cloud Application Administrator.
pub const CLOUD_APPLICATION_ADMINISTRATOR: &str = "158c047a-c907-4556-b7ef-446551a6b5f7";
/// The role template of Privileged Role Administrator.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
/// The role template of User Administrator.
pub const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
/// The role template of License Administrator.
pub const LICENSE_ADMINISTRATOR: &str = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";
/// The role template of Guest Inviter.
pub const GUEST_INVITER: &str = "95e79109-95c0-4d8e-aee3-d01accf2d47b";

/// Directory roles: display name and template id.
pub const DIRECTORY_ROLES: &[(&str, &str)] = &[
    ("Global Administrator", GLOBAL_ADMINISTRATOR),
    ("Global Reader", GLOBAL_READER),
    ("Exchange Administrator", EXCHANGE_ADMINISTRATOR),
    ("Exchange Recipient Administrator", EXCHANGE_RECIPIENT_ADMINISTRATOR),
    ("Application Administrator", APPLICATION_ADMINISTRATOR),
    ("Cloud Application Administrator", CLOUD_APPLICATION_ADMINISTRATOR),
    ("Privileged Role Administrator", PRIVILEGED_ROLE_ADMINISTRATOR),
    ("User Administrator", USER_ADMINISTRATOR),
    ("License Administrator", LICENSE_ADMINISTRATOR),
    ("Guest Inviter", GUEST_INVITER),
    ("Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
];

/// The claim in `wids` that app-only tokens carry without holding a role.
pub const NO_DIRECTORY_ROLE: &str = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

/// The claim in `wids` that marks a person, whatever roles it holds besides.
pub const ORDINARY_USER: &str = "b79fbf4d-3ef9-4689-8143-76b194e85509";

/// One service plan of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServicePlan {
    /// Its name, such as `EXCHANGE_S_ENTERPRISE`.
    pub name: &'static str,
    /// Its id.
    pub id: &'static str,
    /// Whether it brings a mailbox.
    pub mailbox: bool,
}

/// One product that a tenant may have bought.
#[derive(Debug, Clone, Copy)]
pub struct Sku {
    /// Its part number.
    pub part_number: &'static str,
    /// Its id.
    pub id: &'static str,
    /// What it brings.
    pub plans: &'static [ServicePlan],
}

const fn plan(name: &'static str, id: &'static str, mailbox: bool) -> ServicePlan {
    ServicePlan { name, id, mailbox }
}

const EXCHANGE_1: ServicePlan = plan("EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c", true);
const EXCHANGE_2: ServicePlan = plan("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0", true);
const EXCHANGE_KIOSK: ServicePlan = plan("EXCHANGE_S_DESKLESS", "4a82b400-a79f-41a4-b4e2-e94f5787b113", true);
const EXCHANGE_ARCHIVE: ServicePlan = plan("EXCHANGE_S_ARCHIVE_ADDON", "176a09a6-7ec5-4039-ac02-b2791c6ba793", false);
const TEAMS: ServicePlan = plan("TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929", false);
const SHAREPOINT: ServicePlan = plan("SHAREPOINTENTERPRISE", "5dbe027f-2339-4123-9542-606e4d348a72", false);
const OFFICE: ServicePlan = plan("OFFICESUBSCRIPTION", "43de0ff5-c92c-492b-9116-175376d08c38", false);
const MAILBOX_MOVE: ServicePlan = plan("EXCHANGEONLINE_T2TMBXMOVE", "5b1d4c3e-7a52-4b64-9f0e-3d2c8e6f1a90", false);
const ONEDRIVE_MOVE: ServicePlan = plan("SHAREPOINTONLINE_T2TODMOVE", "7e0f2a91-3c4d-4d1b-8a6e-52c7b9d03f18", false);

/// The part number of the per-user migration licence.
pub const MIGRATION_SKU: &str = "Cross_tenant_user_data_migration";
/// The id of the per-user migration licence.
pub const MIGRATION_SKU_ID: &str = "946ce899-873d-44bb-9d8b-671870cbfdbf";

/// The products the sandbox knows.
pub const SKUS: &[Sku] = &[
    Sku {
        part_number: "EXCHANGESTANDARD",
        id: "4b9405b0-7788-4568-add1-99614e613b69",
        plans: &[EXCHANGE_1],
    },
    Sku {
        part_number: "EXCHANGEENTERPRISE",
        id: "19ec0d23-8335-4cbd-94ac-6050e30712fa",
        plans: &[EXCHANGE_2],
    },
    Sku {
        part_number: "EXCHANGEDESKLESS",
        id: "80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82",
        plans: &[EXCHANGE_KIOSK],
    },
    Sku {
        part_number: "EXCHANGEARCHIVE_ADDON",
        id: "ee02fd1b-340e-4a4b-b355-4a514e4c8943",
        plans: &[EXCHANGE_ARCHIVE],
    },
    Sku {
        part_number: "SPE_E3",
        id: "05e9a617-0261-4cee-bb44-138d3ef5d965",
        plans: &[EXCHANGE_2, TEAMS, SHAREPOINT, OFFICE],
    },
    Sku {
        part_number: "SPE_E5",
        id: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        plans: &[EXCHANGE_2, TEAMS, SHAREPOINT, OFFICE],
    },
    Sku {
        part_number: "ENTERPRISEPACK",
        id: "6fd2c87f-b296-42f0-b197-1e91e994b900",
        plans: &[EXCHANGE_2, SHAREPOINT, OFFICE],
    },
    Sku {
        part_number: "SPB",
        id: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
        plans: &[EXCHANGE_1, TEAMS, OFFICE],
    },
    Sku {
        part_number: MIGRATION_SKU,
        id: MIGRATION_SKU_ID,
        plans: &[MAILBOX_MOVE, ONEDRIVE_MOVE],
    },
];

/// The product with that part number or id, without case.
pub fn sku(part_number_or_id: &str) -> Option<&'static Sku> {
    SKUS.iter()
        .find(|sku| sku.id.eq_ignore_ascii_case(part_number_or_id) || sku.part_number.eq_ignore_ascii_case(part_number_or_id))
}

/// The id of the app role `value` of the resource application `resource_app_id`.
pub fn app_role(resource_app_id: &str, value: &str) -> Option<&'static str> {
    let roles = match resource_app_id {
        GRAPH => GRAPH_ROLES,
        EXCHANGE => EXCHANGE_ROLES,
        _ => return None,
    };
    roles.iter().find(|(name, _)| *name == value).map(|(_, id)| *id)
}
