"""Find articles that are one text: reprints cut, spliced, shuffled or turned into the other script.

`index.Index` keeps the sketches and links of an archive and gives the links of a new article; `cluster.clusters_in`
groups them; `verdict.same_text` compares two texts by themselves and says why.
"""
