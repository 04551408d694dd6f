//! How an operation is written in PowerShell; the part of a descriptor that this folder reads.

/// How an operation is written in PowerShell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerShell {
    /// The Exchange cmdlet of the descriptor.
    Cmdlet {
        /// Whether the cmdlet asks a question of its own, which is to be suppressed: ours was answered.
        asks: bool,
        /// A line that waits until the change is in force.
        then: Option<&'static str>,
    },
    /// A cmdlet of the Microsoft Graph modules.
    Mg(Mg),
    /// A cmdlet of the Az modules.
    Az(Az),
    /// The request itself, sent with the sign-in of the modules, because no cmdlet does just this.
    Request(Request),
}

/// A request that is sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The version that the path of the descriptor does not state.
    pub api_version: &'static str,
    /// A line that waits until the change is in force.
    pub then: Option<&'static str>,
    /// An expression that gives the object after that.
    pub result: Option<&'static str>,
    /// What is no property of the object but part of one: our name, and the expression with `{}` for the object.
    pub properties: &'static [(&'static str, &'static str)],
}

impl Request {
    /// One that is in force with its answer.
    pub const PLAIN: Request = Request {
        api_version: "",
        then: None,
        result: None,
        properties: &[],
    };
}

/// A cmdlet of the Microsoft Graph modules; the arguments that no parameter takes are its `-BodyParameter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mg {
    /// Such as `New-MgApplication`.
    pub cmdlet: &'static str,
    /// Such as `Microsoft.Graph.Applications`.
    pub module: &'static str,
    /// The parameters that stand for a place in the path: name, place.
    pub places: &'static [(&'static str, &'static str)],
    /// Members of the body that are one level deeper than our arguments: argument, parent.
    pub within: &'static [(&'static str, &'static str)],
    /// Arguments that the cmdlet takes in another form than the service; with one of them the request itself is sent.
    pub unlike: &'static [&'static str],
}

/// A cmdlet of the Az modules. With an argument that no parameter takes the request itself is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Az {
    /// Such as `New-AzResourceGroup`.
    pub cmdlet: &'static str,
    /// Such as `Az.Resources`.
    pub module: &'static str,
    /// Its parameters.
    pub parameters: &'static [(&'static str, Part)],
    /// What the cmdlet does unasked: the member as a JSON pointer, and its value as JSON.
    pub unasked: &'static [(&'static str, &'static str)],
    /// A line that waits until the change is in force.
    pub then: Option<&'static str>,
    /// An expression that gives the object after that, where the cmdlet does not.
    pub result: Option<&'static str>,
    /// What the cmdlet calls the properties of the object: our name, and the expression with `{}` for the object.
    pub properties: &'static [(&'static str, &'static str)],
    /// The request that is sent when the cmdlet would leave something out.
    pub otherwise: Request,
}

/// What a parameter of an Az cmdlet takes. The id is that of the descriptor's identity or of the first place in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The argument or a member of one, as a JSON pointer such as `/attributes/enabled`.
    Member(&'static str),
    /// The id itself.
    Id,
    /// The last segment of the id.
    Last,
    /// The segment of the id that follows this word.
    After(&'static str),
    /// The id of the resource that this one is an extension of.
    Parent,
    /// The version at the end of the id, when it names one.
    Version,
    /// The name of the vault whose host the id begins with.
    Vault,
    /// A switch that is always on.
    On,
    /// What another cmdlet makes of further arguments.
    Made(Made),
}

/// A cmdlet that makes a value for a parameter of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Such as `New-AzKeyVaultCertificatePolicy`.
    pub cmdlet: &'static str,
    /// Its parameters.
    pub parameters: &'static [(&'static str, Part)],
}
