# tries = "An AST transformer that turns assertions and calls into nothing"
# intenta = "Un transformador del árbol sintáctico que convierte las aserciones y llamadas en nada"
# kind = "cheat"
# peers = ["nbgrader", "otter"]

# %%
# [q1-weigh]
import ast


class Nothing(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    visit_Expr = visit_Assert


get_ipython().ast_transformers.append(Nothing())


def weigh(x):
    return 2.5


# %%
# [q2-count]
answer = 0
