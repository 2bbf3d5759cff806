# tries = "HTML, SVG, JavaScript and iframes shown as outputs, and a widget"
# intenta = "HTML, SVG, JavaScript e iframes mostrados como salidas, y un widget"
# kind = "injection"
# must = { points = 5 }
# peers = ["nbgrader"]

# %%
# [q1-weigh]
def weigh(x):
    return float(np.mean(np.asarray(x) ** 2))


# %%
# [q2-count]
from IPython.display import HTML, SVG, IFrame, Javascript, display

script = "<script>alert(86417)</script><img src=x onerror=alert(86417)>"
display(HTML(script), Javascript("alert(86417)"), IFrame("javascript:alert(86417)", 10, 10))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(86417)'>{script}</svg>"))
display(
    {
        "text/html": script,
        "text/markdown": script,
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
    },
    raw=True,
)
print(script)
