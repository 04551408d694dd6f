//! `Reading`: one way to read objects of a tenant.

/// Where a reading comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// An Exchange cmdlet, with the switches that are always on.
    Cmdlet {
        /// Such as `Get-Mailbox`.
        name: &'static str,
        /// Such as `SoftDeletedMailbox`.
        switches: &'static [&'static str],
    },
    /// Microsoft Graph.
    Graph {
        /// Path below the version root; `{id}` is the identity.
        path: &'static str,
        /// The path by the other key (`appId`), tried first.
        alternate: Option<&'static str>,
        /// The properties to ask for, where the service gives too few by itself.
        select: Option<&'static str>,
    },
    /// Azure Resource Manager.
    Arm {
        /// `{id}` is the identity as a whole resource id, `{subscription}` that of a subscription, which may be given by its GUID.
        path: &'static str,
        /// Such as `2023-07-01`.
        api_version: &'static str,
    },
    /// A key vault.
    Vault {
        /// `{vault}` is the URL of a vault, `{id}` that of a certificate or secret, `{unversioned}` the same without its version.
        path: &'static str,
    },
}

/// One way to read objects of a tenant.
#[derive(Debug)]
pub struct Reading {
    /// The script's verb, such as `find_mailboxes`.
    pub name: &'static str,
    /// The field's noun, such as `mailbox`.
    pub noun: &'static str,
    /// One sentence in the third person.
    pub help: &'static str,
    /// Where it comes from.
    pub from: From,
    /// Whether it gives any number of objects rather than exactly one.
    pub many: bool,
    /// Whether it takes the identity of an object.
    pub identity: bool,
    /// The argument that a plain text stands for: `Identity`, `Filter`, `id`, `filter`; empty when none is taken.
    pub plain: &'static str,
    /// Whether the service gives few objects unless more are asked for: by `ResultSize`, or by `$top` a page.
    pub sized: bool,
    /// Whether what comes back carries the identity it was asked by, so that it can be held against it.
    pub verifiable: bool,
    /// The API permission or Exchange role it needs.
    pub permission: &'static str,
}

impl Reading {
    /// Whether it comes from Azure, where ids hold other ids.
    pub fn is_azure(&self) -> bool {
        matches!(self.from, From::Arm { .. } | From::Vault { .. })
    }

    /// One object by its identity, from a cmdlet.
    pub(super) const fn one(name: &'static str, noun: &'static str, cmdlet: &'static str, help: &'static str) -> Self {
        Self {
            name,
            noun,
            help,
            from: From::Cmdlet {
                name: cmdlet,
                switches: &[],
            },
            many: false,
            identity: true,
            plain: "Identity",
            sized: false,
            verifiable: true,
            permission: "View-Only Recipients",
        }
    }

    /// Any number of objects that a filter selects, from a cmdlet.
    pub(super) const fn filtered(name: &'static str, noun: &'static str, cmdlet: &'static str, help: &'static str) -> Self {
        Self {
            many: true,
            identity: false,
            plain: "Filter",
            sized: true,
            verifiable: false,
            ..Self::one(name, noun, cmdlet, help)
        }
    }

    /// What belongs to one object, from a cmdlet.
    pub(super) const fn parts(name: &'static str, noun: &'static str, cmdlet: &'static str, help: &'static str) -> Self {
        Self {
            many: true,
            sized: true,
            verifiable: false,
            ..Self::one(name, noun, cmdlet, help)
        }
    }

    /// One object by its id, from Graph.
    pub(super) const fn graph_one(name: &'static str, noun: &'static str, path: &'static str, help: &'static str) -> Self {
        Self {
            from: From::Graph {
                path,
                alternate: None,
                select: None,
            },
            plain: "id",
            permission: "Directory.Read.All",
            ..Self::one(name, noun, "", help)
        }
    }

    /// Any number of objects that a filter selects, from Graph.
    pub(super) const fn graph_filtered(name: &'static str, noun: &'static str, path: &'static str, help: &'static str) -> Self {
        Self {
            many: true,
            identity: false,
            plain: "filter",
            verifiable: false,
            ..Self::graph_one(name, noun, path, help)
        }
    }

    /// What belongs to one object, from Graph.
    pub(super) const fn graph_parts(name: &'static str, noun: &'static str, path: &'static str, help: &'static str) -> Self {
        Self {
            many: true,
            verifiable: false,
            ..Self::graph_one(name, noun, path, help)
        }
    }

    /// One object by its resource id, from Azure Resource Manager.
    pub(super) const fn arm_one(
        name: &'static str,
        noun: &'static str,
        path: &'static str,
        api_version: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            from: From::Arm { path, api_version },
            plain: "id",
            permission: "Reader on the resource",
            verifiable: false,
            ..Self::one(name, noun, "", help)
        }
    }

    /// What belongs to one subscription or resource, from Azure Resource Manager.
    pub(super) const fn arm_parts(
        name: &'static str,
        noun: &'static str,
        path: &'static str,
        api_version: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            many: true,
            ..Self::arm_one(name, noun, path, api_version, help)
        }
    }

    /// One object by its URL, from a key vault.
    pub(super) const fn vault_one(name: &'static str, noun: &'static str, path: &'static str, help: &'static str) -> Self {
        Self {
            from: From::Vault { path },
            plain: "id",
            verifiable: false,
            ..Self::one(name, noun, "", help)
        }
    }

    /// What belongs to a vault or to one object in it.
    pub(super) const fn vault_parts(name: &'static str, noun: &'static str, path: &'static str, help: &'static str) -> Self {
        Self {
            many: true,
            ..Self::vault_one(name, noun, path, help)
        }
    }

    /// This reading with these switches always on.
    pub(super) const fn switched(self, switches: &'static [&'static str]) -> Self {
        let From::Cmdlet { name, .. } = self.from else { return self };
        Self {
            from: From::Cmdlet { name, switches },
            ..self
        }
    }

    /// This reading asking for `properties`.
    pub(super) const fn selecting(self, properties: &'static str) -> Self {
        let From::Graph { path, alternate, .. } = self.from else {
            return self;
        };
        Self {
            from: From::Graph {
                path,
                alternate,
                select: Some(properties),
            },
            ..self
        }
    }

    /// This reading by another key first.
    pub(super) const fn or_by(self, alternate: &'static str) -> Self {
        let From::Graph { path, select, .. } = self.from else { return self };
        Self {
            from: From::Graph {
                path,
                alternate: Some(alternate),
                select,
            },
            ..self
        }
    }

    /// This reading with the permission or role it needs.
    pub(super) const fn needing(self, permission: &'static str) -> Self {
        Self { permission, ..self }
    }

    /// This reading with what a plain text stands for.
    pub(super) const fn plain(self, plain: &'static str) -> Self {
        Self { plain, ..self }
    }

    /// This reading, whose cmdlet gives all it has and knows no `ResultSize`.
    pub(super) const fn unbounded(self) -> Self {
        Self { sized: false, ..self }
    }

    /// This reading of all that the signed-in application may see.
    pub(super) const fn everywhere(self) -> Self {
        Self {
            identity: false,
            plain: "",
            ..self
        }
    }

    /// This reading of Graph, which comes in pages of the size that is asked for.
    pub(super) const fn paged(self) -> Self {
        Self { sized: true, ..self }
    }

    /// This reading, whose answer does not repeat the identity it was asked by.
    pub(super) const fn unverifiable(self) -> Self {
        Self { verifiable: false, ..self }
    }

    /// This reading of the one object of its kind that a tenant has.
    pub(super) const fn only(self) -> Self {
        Self {
            many: false,
            identity: false,
            plain: "",
            sized: false,
            verifiable: false,
            ..self
        }
    }
}
