"""Facts as columns: many at once, by the same rules as one by one.

A rule that looks at one aspect of a fact is asked of the reference once for each distinct case, and its answer is
spread over all facts that share the case. What relates facts to each other (since, response, counts in a window) is
answered by sorted columns. No rule of meaning is written here a second time where it could be asked for.
"""
