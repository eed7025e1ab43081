"""The data laboratory's command: cleans the learner's own files with the rules that the course teaches."""
