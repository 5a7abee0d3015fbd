"""Reviews: questions about who somebody is and what they may do, answered from the chains and never stored."""
