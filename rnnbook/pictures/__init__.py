"""Pictures: diagrams of networks (`graph`), curves (`curves`), and frames one moves (`player`)."""
