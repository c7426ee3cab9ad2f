; The extension of a file name: what stands behind the first dot.
(set-logic SLIA)
(synth-fun extension ((name String)) String
    ((Start String) (Number Int))
    ((Start String (name "." (str.substr Start Number Number)))
     (Number Int (0 1 (+ Number Number) (str.len Start) (str.indexof Start Start Number)))))
(declare-var name String)
(constraint (= (extension "report.pdf") "pdf"))
(constraint (= (extension "a.txt") "txt"))
(constraint (= (extension "photo.jpeg") "jpeg"))
(check-synth)
