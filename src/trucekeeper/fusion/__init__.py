"""Many reports, one incident: copies, candidates, weights, clusters, and what an incident says."""
